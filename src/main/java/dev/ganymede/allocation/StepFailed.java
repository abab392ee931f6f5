package dev.ganymede.allocation;

/** A step of a start came to nothing for a known reason, as the timeline tells it; it never leaves {@link BringUp}. */
final class StepFailed extends RuntimeException {

    private final BringUp.Outcome outcome;

    StepFailed(BringUp.Outcome outcome, String reason) {
        super(reason, null, false, false);
        this.outcome = outcome;
    }

    BringUp.Outcome outcome() {
        return outcome;
    }
}
