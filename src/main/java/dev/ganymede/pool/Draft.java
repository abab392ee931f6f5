package dev.ganymede.pool;

import dev.ganymede.gateway.Gateway;
import dev.ganymede.id.GatewayId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** A plan in the making: counts creations, and keeps the earliest moment to look again. */
final class Draft {

    private final Instant now;
    private final List<PoolAction> actions = new ArrayList<>();
    private final Set<GatewayId> touched = new HashSet<>();
    private final ImageChoice images;
    private int creationsLeft;
    private boolean partial;
    private Instant lookAgainAt;

    Draft(Instant now, ImageChoice images, int creations) {
        this.now = now;
        this.images = images;
        this.creationsLeft = creations;
    }

    void add(PoolAction action) {
        actions.add(action);
        if (action instanceof PoolAction.OfMember ofMember) {
            touched.add(ofMember.gateway().id());
        }
    }

    /** Begins a life of the member, with the image that is its turn: beyond the limit it is left to the next look. */
    void create(GatewayId member, Function<Optional<String>, PoolAction> withImage) {
        if (creationsLeft == 0) {
            partial = true;
            return;
        }
        creationsLeft--;
        add(withImage.apply(images.forLife(member)));
    }

    /** As soon as something is done there is more to do. */
    void goesOn() {
        partial = true;
    }

    /** Time alone changes what is to be done, then. */
    void lookAt(Instant moment) {
        if (moment.isAfter(now) && (lookAgainAt == null || moment.isBefore(lookAgainAt))) {
            lookAgainAt = moment;
        }
    }

    boolean touches(Gateway gateway) {
        return touched.contains(gateway.id());
    }

    PoolPlan plan(Optional<Instant> surplusSince, Optional<Rollout.Verdict> verdict) {
        return new PoolPlan(actions, partial, Optional.ofNullable(lookAgainAt), surplusSince, verdict);
    }
}
