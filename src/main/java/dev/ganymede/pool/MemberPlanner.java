package dev.ganymede.pool;

import dev.ganymede.container.ObservedContainer;
import dev.ganymede.gateway.Gateway;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** What one member needs, whatever the size of the pool: its row against its containers and its operators' orders. */
final class MemberPlanner {

    private static final String GONE = "its container is gone";

    private final Duration readyTimeout;
    private final PoolObservation seen;
    private final Belongings belongings;
    private final ImageChoice images;
    private final Draft draft;

    MemberPlanner(Duration readyTimeout, PoolObservation seen, Belongings belongings, ImageChoice images, Draft draft) {
        this.readyTimeout = readyTimeout;
        this.seen = seen;
        this.belongings = belongings;
        this.images = images;
        this.draft = draft;
    }

    void decide(Gateway gateway) {
        Optional<ObservedContainer> running = belongings.running(gateway);
        switch (gateway.state().name()) {
            case CREATING ->
                running.ifPresentOrElse(
                        container -> draft.add(new PoolAction.Adopt(gateway, container)),
                        () -> renew(gateway, gateway.reason().orElse("its creation was not finished")));
            case STARTING ->
                running.ifPresentOrElse(container -> starting(gateway, container), () -> fail(gateway, GONE));
            case READY -> running.ifPresentOrElse(container -> ready(gateway, container), () -> fail(gateway, GONE));
            case ALLOCATED ->
                running.ifPresentOrElse(container -> allocated(gateway, container), () -> fail(gateway, GONE));
            case UNHEALTHY, REMOVING ->
                renew(gateway, gateway.reason().orElse(gateway.state().name().name()));
        }
    }

    /** The little that is done while the pool is paused: what is lost is called lost, so that nobody waits for it. */
    void decideWhilePaused(Gateway gateway) {
        if (ImageChoice.up(gateway) && belongings.running(gateway).isEmpty()) {
            fail(gateway, GONE);
        }
    }

    private void starting(Gateway gateway, ObservedContainer container) {
        Instant deadline = gateway.state().since().plus(readyTimeout);
        if (images.abandoned(gateway)) {
            replace(gateway, "the upgrade to its image was stopped");
        } else if (!seen.now().isBefore(deadline)) {
            fail(gateway, "it never became ready");
        } else if (gateway.host().isEmpty()) {
            draft.add(new PoolAction.Adopt(gateway, container));
        } else {
            draft.lookAt(deadline);
            tidy(gateway, container);
        }
    }

    private void ready(Gateway gateway, ObservedContainer container) {
        if (gateway.host().isEmpty()) {
            // it called before its creation was recorded, and the record was lost
            draft.add(new PoolAction.Adopt(gateway, container));
        } else if (gateway.orders().recycle()) {
            replace(gateway, "an operator ordered it");
        } else {
            tidy(gateway, container);
        }
    }

    private void allocated(Gateway gateway, ObservedContainer container) {
        if (gateway.orders().recycle()) {
            draft.add(new PoolAction.Empty(gateway, container.id()));
            draft.goesOn();
        } else {
            tidy(gateway, container);
        }
    }

    /** Containers of earlier lives that stayed behind go; the current one gets its name back, which one of them may have. */
    private void tidy(Gateway gateway, ObservedContainer container) {
        Optional<ObservedContainer> stray = belongings.stray(gateway);
        if (stray.isPresent()) {
            draft.add(new PoolAction.Reap(stray.get().id(), stray.get().name()));
        } else if (!container.name().equals(gateway.name())) {
            draft.add(new PoolAction.Rename(gateway, container.id()));
        }
    }

    private void fail(Gateway gateway, String reason) {
        draft.add(new PoolAction.Fail(gateway, reason));
        draft.goesOn();
    }

    /** A new life, but not before its setbacks allow it; another image than the one that failed is tried at once. */
    private void renew(Gateway gateway, String reason) {
        Optional<Instant> wait = gateway.setbacks().notBefore().filter(seen.now()::isBefore);
        if (wait.isPresent() && !images.abandoned(gateway)) {
            draft.lookAt(wait.get());
        } else {
            replace(gateway, reason);
        }
    }

    private void replace(Gateway gateway, String reason) {
        draft.create(gateway.id(), image -> new PoolAction.Replace(gateway, belongings.all(gateway), image, reason));
    }
}
