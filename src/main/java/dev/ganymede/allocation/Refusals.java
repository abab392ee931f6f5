package dev.ganymede.allocation;

import dev.ganymede.gateway.Allocation;
import dev.ganymede.gateway.AllocationState;
import dev.ganymede.gateway.EndReason;
import dev.ganymede.problem.Problem;
import dev.ganymede.problem.ProblemType;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;

/** What callers of a start are told when it does not succeed. */
@ApplicationScoped
class Refusals {

    private final AllocationConfig config;

    Refusals(AllocationConfig config) {
        this.config = config;
    }

    /** A problem in words, for operators. */
    static String text(Problem problem) {
        return Optional.ofNullable(problem.getMessage()).orElse(problem.type().title());
    }

    Problem tooManyStarts() {
        return later(ProblemType.TOO_MANY_REQUESTS, "Too many starts are under way.");
    }

    Problem down(String what) {
        return later(ProblemType.DEPENDENCY_UNAVAILABLE, what + " can't be written at the moment.");
    }

    Problem notPublished() {
        return later(ProblemType.DEPENDENCY_UNAVAILABLE, "The organization's names could not be published.");
    }

    /** A start that an operator's stop has met does not take another gateway. */
    void requireNotStopped(Allocation allocation) {
        if (allocation.state() instanceof AllocationState.Ended ended
                && ended.reason() == EndReason.STOPPED_BY_OPERATOR) {
            throw later(ProblemType.START_FAILED, "An operator has stopped it meanwhile.");
        }
    }

    /** The pool is empty: at once, or after the gateways that were ready have failed. */
    Problem noneReady(int gatewaysTaken) {
        return gatewaysTaken == 0
                ? later(ProblemType.POOL_EXHAUSTED, null)
                : later(ProblemType.START_FAILED, gatewaysTaken + " gateways failed, and no other one is ready.");
    }

    Problem allFailed(int gatewaysTaken) {
        return later(ProblemType.START_FAILED, gatewaysTaken + " gateways failed one after the other.");
    }

    private Problem later(ProblemType type, String detail) {
        return Problem.retryable(type, detail, config.retryAfter());
    }
}
