package dev.ganymede.pool;

import dev.ganymede.container.ContainerRuntime;
import dev.ganymede.container.ContainerRuntimeException;
import dev.ganymede.gateway.GatewayRepository;
import dev.ganymede.gateway.Order;
import dev.ganymede.gateway.PoolChanged;
import dev.ganymede.gateway.PoolMember;
import dev.ganymede.problem.Problem;
import dev.ganymede.problem.ProblemType;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import java.time.Duration;
import java.util.Optional;

/**
 * What operators do to the pool: each writes down what is wanted, in one statement, and wakes the reconciler, which does it. Two processes may take orders at the
 * same time.
 */
@ApplicationScoped
class PoolOperations {

    private static final int MEMBERS_LIMIT = PoolMember.MAX_SLOT + 1;
    private static final int REASON_LIMIT = 200;
    private static final int IMAGE_LIMIT = 512;
    private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

    private final PoolSettingsRepository settings;
    private final GatewayRepository gateways;
    private final RolloutRepository rollouts;
    private final ContainerRuntime containers;
    private final Event<PoolChanged> poolChanged;

    PoolOperations(
            PoolSettingsRepository settings,
            GatewayRepository gateways,
            RolloutRepository rollouts,
            ContainerRuntime containers,
            Event<PoolChanged> poolChanged) {
        this.settings = settings;
        this.gateways = gateways;
        this.rollouts = rollouts;
        this.containers = containers;
        this.poolChanged = poolChanged;
    }

    Uni<Void> resize(Resize resize) {
        if (resize.isEmpty()) {
            throw Problem.of(ProblemType.INVALID_REQUEST, "Give at least one of buffer, min, max.");
        }
        resize.buffer().ifPresent(buffer -> require("buffer", buffer, 0));
        resize.min().ifPresent(min -> require("min", min, 0));
        resize.max().ifPresent(max -> require("max", max, 1));
        return settings.resize(resize)
                .invoke(done -> {
                    if (!done) {
                        throw Problem.invalid(resize.min().isPresent() ? "min" : "max", "min must not exceed max");
                    }
                })
                .invoke(() -> changed("resized"))
                .replaceWithVoid();
    }

    Uni<Void> create(int count) {
        require("count", count, 1);
        return settings.grow(count)
                .invoke(done -> {
                    if (!done) {
                        throw Problem.of(
                                ProblemType.POOL_LIMIT,
                                "The pool would have more members than its max; raise that first.");
                    }
                })
                .invoke(() -> changed("members created"))
                .replaceWithVoid();
    }

    Uni<Void> pause(Optional<String> reason) {
        reason.ifPresent(text -> requireText("reason", text, REASON_LIMIT));
        return settings.pause(reason).invoke(() -> changed("paused"));
    }

    Uni<Void> resume() {
        return settings.resume().invoke(() -> changed("resumed"));
    }

    /** An order for the member of this name or id. */
    Uni<Void> order(String gateway, Order order) {
        return gateways.order(gateway, order)
                .invoke(found -> {
                    if (found.isEmpty()) {
                        throw Problem.of(ProblemType.GATEWAY_NOT_FOUND, "No member of the pool has this name or id.");
                    }
                })
                .invoke(() -> changed("gateway " + gateway + ": " + order))
                .replaceWithVoid();
    }

    /** Begins a rolling upgrade to the image that the engine has under this name now. */
    Uni<Rollout> upgrade(String image) {
        requireText("image", image, IMAGE_LIMIT);
        return containers
                .image(image)
                .onFailure(ContainerRuntimeException.class)
                .transform(unreachable -> Problem.retryable(
                        ProblemType.DEPENDENCY_UNAVAILABLE, "The container engine does not answer.", RETRY_AFTER))
                .map(id -> id.orElseThrow(() ->
                        Problem.of(ProblemType.IMAGE_NOT_FOUND, "The engine has no such image; nothing is pulled.")))
                .chain(id -> rollouts.begin(image, id))
                .map(begun -> begun.orElseThrow(() -> Problem.of(
                        ProblemType.UPGRADE_RUNNING, "Another upgrade is running; stop it or wait for its end.")))
                .invoke(() -> changed("upgrade to " + image));
    }

    /** Ends the running upgrade; when none runs, nothing happens. */
    Uni<Void> stopUpgrade() {
        return rollouts.newest()
                .map(newest -> newest.orElseThrow(PoolOperations::noUpgrade))
                .chain(newest -> rollouts.end(newest, Rollout.Verdict.stopped("an operator stopped it")))
                .invoke(() -> changed("upgrade stopped"))
                .replaceWithVoid();
    }

    static Problem noUpgrade() {
        return Problem.of(ProblemType.UPGRADE_NOT_FOUND, "The pool has never been upgraded.");
    }

    private void changed(String cause) {
        poolChanged.fire(new PoolChanged(cause));
    }

    private static void require(String field, int value, int least) {
        if (value < least || value > MEMBERS_LIMIT) {
            throw Problem.invalid(field, "must be " + least + " to " + MEMBERS_LIMIT);
        }
    }

    private static void requireText(String field, String text, int limit) {
        if (text == null || text.isBlank() || text.length() > limit) {
            throw Problem.invalid(field, "must have 1 to " + limit + " characters");
        }
        if (text.codePoints().anyMatch(Character::isISOControl)) {
            throw Problem.invalid(field, "must not contain control characters");
        }
    }
}
