package dev.ganymede.allocation;

import dev.ganymede.dns.DnsZone;
import dev.ganymede.edge.EdgeRoutes;
import dev.ganymede.flow.FullException;
import dev.ganymede.flow.Limit;
import dev.ganymede.flow.SingleFlight;
import dev.ganymede.gateway.AllocateResult;
import dev.ganymede.gateway.Allocation;
import dev.ganymede.gateway.AllocationRepository;
import dev.ganymede.gateway.AllocationState;
import dev.ganymede.gateway.EndReason;
import dev.ganymede.gateway.PoolChanged;
import dev.ganymede.gateway.Standing;
import dev.ganymede.id.OrganizationId;
import dev.ganymede.problem.Problem;
import dev.ganymede.problem.ProblemType;
import dev.ganymede.secret.Secret;
import dev.ganymede.timeline.Stage;
import dev.ganymede.timeline.Timeline;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import java.time.Clock;
import java.util.Optional;

/**
 * Brings an organization up (DESIGN §3 "Start"): allocate, then {@link BringUp}. A gateway that fails is given up and the next one is tried, as long as the
 * budget lasts.
 *
 * <p>Concurrent callers are joined: here within this process, in the database across processes. Killed at any step, what is left is a handshake past its
 * deadline, which anybody may end.
 */
@ApplicationScoped
class Start {

    private static final int ALLOCATE_RETRIES = 3;

    private final AllocationRepository allocations;
    private final BringUp bringUp;
    private final Withdrawal withdrawal;
    private final DnsZone dns;
    private final EdgeRoutes edge;
    private final Refusals refusals;
    private final Timeline timeline;
    private final AllocationConfig config;
    private final Clock clock;
    private final Event<PoolChanged> poolChanged;
    private final SingleFlight<OrganizationId, Allocation> flights = new SingleFlight<>();
    private final Limit underWay;

    Start(
            AllocationRepository allocations,
            BringUp bringUp,
            Withdrawal withdrawal,
            DnsZone dns,
            EdgeRoutes edge,
            Refusals refusals,
            Timeline timeline,
            AllocationConfig config,
            Clock clock,
            Event<PoolChanged> poolChanged) {
        this.allocations = allocations;
        this.bringUp = bringUp;
        this.withdrawal = withdrawal;
        this.dns = dns;
        this.edge = edge;
        this.refusals = refusals;
        this.timeline = timeline;
        this.config = config;
        this.clock = clock;
        this.poolChanged = poolChanged;
        this.underWay = new Limit(config.maxStarts());
    }

    /** A serving allocation, or a {@link Problem}. */
    Uni<Allocation> organization(OrganizationId organization) {
        return flights.join(
                organization, () -> underWay.within(() -> withinBudget(attempt(organization, Attempt.Asked.BY_CALLER)))
                        .onFailure(Problem.class)
                        .invoke(refused -> tell(organization, refused))
                        .onFailure(FullException.class)
                        .transform(full -> refusals.tooManyStarts()));
    }

    /**
     * Serves an organization again that lost its gateway: likewise, but only as long as it waits in the queue (fails with {@link NotWaiting} otherwise), and
     * without counting against the callers' limit.
     */
    Uni<Allocation> again(OrganizationId organization) {
        return withinBudget(attempt(organization, Attempt.Asked.BY_QUEUE));
    }

    /** The organization does not wait for a gateway any more. */
    static final class NotWaiting extends RuntimeException {

        NotWaiting() {
            super(null, null, false, false);
        }
    }

    private Attempt attempt(OrganizationId organization, Attempt.Asked asked) {
        return new Attempt(organization, clock.instant().plus(config.startBudget()), asked);
    }

    private void tell(OrganizationId organization, Problem refused) {
        if (refused.type() != ProblemType.ORGANIZATION_NOT_FOUND) {
            timeline.noted(organization, Stage.REFUSED, Refusals.text(refused));
        }
    }

    private Uni<Allocation> withinBudget(Attempt attempt) {
        return allocate(attempt)
                .ifNoItem()
                .after(config.startBudget())
                .recoverWithUni(() -> budgetSpent(attempt))
                .onFailure()
                .invoke(failure -> cleanUp(attempt));
    }

    /** Names that a failed start may have published go, off the caller's path. */
    private void cleanUp(Attempt attempt) {
        attempt.inHand().ifPresent(ended -> withdrawal.after(ended).subscribe().with(withdrawn -> {}));
    }

    /** What is known to be down costs no gateway; what is served already is joined all the same. */
    private Uni<Allocation> allocate(Attempt attempt) {
        boolean publishable = edge.available() && (dns.available() || attempt.byQueue());
        return publishable
                ? take(attempt)
                : allocations.standing(attempt.organization()).chain(standing -> joinOrRefuse(attempt, standing));
    }

    private Uni<Allocation> joinOrRefuse(Attempt attempt, Standing standing) {
        if (standing.live().isPresent()) {
            return await(attempt, standing.live());
        }
        // the names of one that lost its gateway still stand in the zone
        return standing.queued() && edge.available()
                ? take(attempt)
                : Uni.createFrom().failure(refusals.down(edge.available() ? "DNS" : "The edge"));
    }

    private Uni<Allocation> take(Attempt attempt) {
        Secret token = Secret.random();
        Uni<AllocateResult> allocated = attempt.byQueue()
                ? allocations.allocateAgain(attempt.organization(), token.hash(), attempt.deadline())
                : allocations.allocate(attempt.organization(), token.hash(), attempt.deadline());
        return allocated
                .onFailure(AllocationRepository::isConflict)
                .retry()
                .atMost(ALLOCATE_RETRIES)
                .chain(result -> proceed(attempt, result, token));
    }

    private Uni<Allocation> proceed(Attempt attempt, AllocateResult result, Secret token) {
        if (result instanceof AllocateResult.Taken taken) {
            attempt.takes(taken.allocation());
            return bringUp.of(taken, token).chain(outcome -> conclude(attempt, taken, outcome));
        }
        if (result instanceof AllocateResult.Joined joined) {
            return await(attempt, Optional.of(joined.allocation()));
        }
        if (result instanceof AllocateResult.NoneReady) {
            return Uni.createFrom().failure(refusals.noneReady(attempt.gatewaysTaken()));
        }
        if (result instanceof AllocateResult.NotQueued) {
            return Uni.createFrom().failure(new NotWaiting());
        }
        return Uni.createFrom().failure(Problem.of(ProblemType.ORGANIZATION_NOT_FOUND, null));
    }

    /** Somebody else (another process, or one that died) is bringing it up. */
    private Uni<Allocation> await(Attempt attempt, Optional<Allocation> seen) {
        if (seen.isEmpty()) {
            return allocate(attempt);
        }
        if (seen.get().state() instanceof AllocationState.Serving) {
            return Uni.createFrom().item(seen.get());
        }
        if (seen.get().state() instanceof AllocationState.Handshaking handshaking
                && !clock.instant().isBefore(handshaking.expiresAt())) {
            return giveUp(seen.get(), EndReason.HANDSHAKE_EXPIRED, "its starter is gone")
                    .chain(() -> allocate(attempt));
        }
        return pause().chain(() -> allocations.findLive(attempt.organization())).chain(live -> await(attempt, live));
    }

    private Uni<Allocation> conclude(Attempt attempt, AllocateResult.Taken taken, BringUp.Outcome outcome) {
        Allocation allocation = taken.allocation();
        if (outcome instanceof BringUp.Outcome.Served served) {
            // one ready gateway less: the pool restores its buffer
            poolChanged.fire(new PoolChanged("gateway taken"));
            return Uni.createFrom().item(served.allocation());
        }
        if (outcome instanceof BringUp.Outcome.GatewayFailed failed) {
            return giveUp(allocation, EndReason.HANDSHAKE_FAILED, failed.reason())
                    .chain(() -> tryNext(attempt));
        }
        if (outcome instanceof BringUp.Outcome.Unreadable) {
            return giveUp(allocation, EndReason.DATA_UNREADABLE, "its data can't be loaded")
                    .chain(() -> Uni.createFrom().failure(Problem.of(ProblemType.DATA_UNREADABLE, null)));
        }
        return giveUp(allocation, EndReason.PUBLISH_FAILED, "its names could not be published")
                .chain(() -> Uni.createFrom().failure(refusals.notPublished()));
    }

    private Uni<Allocation> tryNext(Attempt attempt) {
        return attempt.gatewaysTaken() < config.maxAttempts()
                ? allocate(attempt)
                : Uni.createFrom().failure(refusals.allFailed(attempt.gatewaysTaken()));
    }

    private Uni<Void> giveUp(Allocation allocation, EndReason why, String reason) {
        TenancyLog.warn(allocation, "given up (" + why + "): " + reason);
        return allocations
                .endHandshake(allocation.id(), why)
                .invoke(ended -> {
                    ended.ifPresent(gone -> timeline.failed(gone, Stage.ENDED, reason));
                    poolChanged.fire(new PoolChanged(why.name()));
                })
                .chain(ended -> ended.isPresent() ? Uni.createFrom().item(ended) : allocations.find(allocation.id()))
                .invoke(now -> now.ifPresent(refusals::requireNotStopped))
                .replaceWithVoid();
    }

    /** It may have begun to serve in the last moment: then it is not ended but answered. */
    private Uni<Allocation> budgetSpent(Attempt attempt) {
        Problem timeout = Problem.of(ProblemType.START_TIMEOUT, null);
        return attempt.inHand()
                .map(allocation -> giveUp(allocation, EndReason.HANDSHAKE_EXPIRED, "the start's budget is spent")
                        .chain(() -> allocations.find(allocation.id())))
                .orElseGet(() -> Uni.createFrom().item(Optional.empty()))
                .onFailure()
                .transform(failure -> timeout)
                .map(now -> now.filter(found -> found.state() instanceof AllocationState.Serving)
                        .orElseThrow(() -> timeout));
    }

    private Uni<Void> pause() {
        return Uni.createFrom().voidItem().onItem().delayIt().by(config.pollInterval());
    }
}
