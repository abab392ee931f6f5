package dev.ganymede.pool;

import java.time.Instant;
import java.util.Optional;

/**
 * One rolling upgrade of the pool to another image. The newest one says which image new lives get.
 *
 * @param image as the operator named it
 * @param imageId the engine's id of it
 * @param previousImageId what to go back to; absent: the configured image
 * @param setbacks lives on the image that came to nothing while it was running
 */
record Rollout(
        long id,
        String image,
        String imageId,
        Optional<String> previousImageId,
        State state,
        Optional<String> reason,
        int setbacks,
        Instant beganAt,
        Optional<Instant> endedAt) {

    /** How far it is. */
    enum State {
        RUNNING,
        COMPLETED,
        STOPPED
    }

    /** The image that members are to have; absent: the configured one. */
    Optional<String> target() {
        return state == State.STOPPED ? previousImageId : Optional.of(imageId);
    }

    boolean running() {
        return state == State.RUNNING;
    }

    Rollout ended(Verdict verdict, Instant now) {
        return new Rollout(
                id,
                image,
                imageId,
                previousImageId,
                verdict.state(),
                verdict.reason(),
                setbacks,
                beganAt,
                Optional.of(now));
    }

    /** How a running rollout ends. */
    record Verdict(State state, Optional<String> reason) {

        static final Verdict COMPLETED = new Verdict(State.COMPLETED, Optional.empty());

        static Verdict stopped(String reason) {
            return new Verdict(State.STOPPED, Optional.of(reason));
        }
    }
}
