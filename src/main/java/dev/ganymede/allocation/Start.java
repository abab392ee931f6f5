package dev.ganymede.allocation;

import dev.ganymede.collab.GatewayProcess;
import dev.ganymede.collab.GatewayProcess.StartAnswer;
import dev.ganymede.flow.SingleFlight;
import dev.ganymede.gateway.AllocateResult;
import dev.ganymede.gateway.Allocation;
import dev.ganymede.gateway.AllocationRepository;
import dev.ganymede.gateway.AllocationState;
import dev.ganymede.gateway.EndReason;
import dev.ganymede.gateway.PoolChanged;
import dev.ganymede.id.OrganizationId;
import dev.ganymede.problem.Problem;
import dev.ganymede.problem.ProblemType;
import dev.ganymede.secret.Secret;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.tuples.Tuple2;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jboss.logging.Logger;

/**
 * Brings an organization up (DESIGN §3 "Start"): allocate; DNS, route and handshake side by side; proof; {@code SERVING}. A gateway that fails is given up
 * and the next one is tried, as long as the budget lasts.
 *
 * <p>Concurrent callers are joined: here within this process, in the database across processes. Killed at any step, what is left is a handshake past its
 * deadline, which anybody may end.
 */
@ApplicationScoped
class Start {

    private static final Logger LOG = Logger.getLogger(Start.class);
    private static final int ALLOCATE_RETRIES = 3;

    private final AllocationRepository allocations;
    private final GatewayProcess gateways;
    private final Names names;
    private final Proof proof;
    private final AllocationConfig config;
    private final Clock clock;
    private final Event<PoolChanged> poolChanged;
    private final SingleFlight<OrganizationId, Allocation> flights = new SingleFlight<>();

    Start(
            AllocationRepository allocations,
            GatewayProcess gateways,
            Names names,
            Proof proof,
            AllocationConfig config,
            Clock clock,
            Event<PoolChanged> poolChanged) {
        this.allocations = allocations;
        this.gateways = gateways;
        this.names = names;
        this.proof = proof;
        this.config = config;
        this.clock = clock;
        this.poolChanged = poolChanged;
    }

    /** One start: its deadline, the allocation it has in hand, and the gateways it has used. */
    private record Attempt(
            OrganizationId organization,
            Instant deadline,
            AtomicReference<Allocation> inHand,
            AtomicInteger gatewaysTaken) {}

    /** A serving allocation, or a {@link Problem}. */
    Uni<Allocation> organization(OrganizationId organization) {
        return flights.join(organization, () -> withinBudget(organization));
    }

    private Uni<Allocation> withinBudget(OrganizationId organization) {
        Attempt attempt = new Attempt(
                organization, clock.instant().plus(config.startBudget()), new AtomicReference<>(), new AtomicInteger());
        return allocate(attempt)
                .ifNoItem()
                .after(config.startBudget())
                .recoverWithUni(() -> budgetSpent(attempt))
                .onFailure()
                .invoke(failure -> cleanUp(attempt));
    }

    /** Names that a failed start may have published go, off the caller's path; what is left, the reconciler takes away. */
    private void cleanUp(Attempt attempt) {
        if (attempt.inHand().get() != null) {
            names.withdraw(attempt.organization())
                    .subscribe()
                    .with(
                            withdrawn -> {},
                            failure -> LOG.warnf(
                                    failure, "names of organization %s not withdrawn yet", attempt.organization()));
        }
    }

    private Uni<Allocation> allocate(Attempt attempt) {
        Secret token = Secret.random();
        return allocations
                .allocate(attempt.organization(), token.hash(), attempt.deadline())
                .onFailure(AllocationRepository::isConflict)
                .retry()
                .atMost(ALLOCATE_RETRIES)
                .chain(result -> proceed(attempt, result, token));
    }

    private Uni<Allocation> proceed(Attempt attempt, AllocateResult result, Secret token) {
        if (result instanceof AllocateResult.Taken taken) {
            attempt.inHand().set(taken.allocation());
            attempt.gatewaysTaken().incrementAndGet();
            return bringUp(attempt, taken.allocation(), token);
        }
        if (result instanceof AllocateResult.Joined joined) {
            return await(attempt, Optional.of(joined.allocation()));
        }
        if (result instanceof AllocateResult.NoneReady) {
            return Uni.createFrom().failure(Problem.retryable(ProblemType.POOL_EXHAUSTED, null, config.retryAfter()));
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

    private Uni<Allocation> bringUp(Attempt attempt, Allocation allocation, Secret token) {
        TenancyLog.info(allocation, "allocated, handing over");
        return Uni.combine()
                .all()
                .unis(publish(allocation), handshake(allocation, token))
                .asTuple()
                .chain(outcome -> prove(attempt, allocation, outcome));
    }

    /** Empty when both names are live, otherwise why not. */
    private Uni<Optional<String>> publish(Allocation allocation) {
        return names.publish(allocation)
                .map(done -> Optional.<String>empty())
                .onFailure()
                .invoke(failure ->
                        LOG.warnf(failure, "names of organization %s not published", allocation.organization()))
                .onFailure()
                .recoverWithItem(failure -> Optional.of("names could not be published"));
    }

    private Uni<StartAnswer> handshake(Allocation allocation, Secret token) {
        return allocation
                .endpoint()
                .map(endpoint -> gateways.start(endpoint, token, config.handshakeTimeout()))
                .orElseGet(() -> Uni.createFrom().item(new StartAnswer.Failed("the gateway has no address")));
    }

    private Uni<Allocation> prove(
            Attempt attempt, Allocation allocation, Tuple2<Optional<String>, StartAnswer> outcome) {
        if (outcome.getItem2() instanceof StartAnswer.Failed failed) {
            return tryNext(attempt, allocation, failed.reason());
        }
        if (outcome.getItem2() instanceof StartAnswer.Unloadable) {
            return giveUp(allocation, EndReason.HANDSHAKE_FAILED, "its data can't be loaded")
                    .chain(() -> Uni.createFrom().failure(Problem.of(ProblemType.DATA_UNREADABLE, null)));
        }
        if (outcome.getItem1().isPresent()) {
            return giveUp(
                            allocation,
                            EndReason.PUBLISH_FAILED,
                            outcome.getItem1().get())
                    .chain(() -> Uni.createFrom()
                            .failure(Problem.retryable(
                                    ProblemType.DEPENDENCY_UNAVAILABLE,
                                    "The organization's names could not be published.",
                                    config.retryAfter())));
        }
        return proof.of(allocation)
                .chain(proven -> proven
                        ? serve(attempt, allocation)
                        : tryNext(attempt, allocation, "no answer of this allocation through the edge"));
    }

    private Uni<Allocation> serve(Attempt attempt, Allocation allocation) {
        return allocations
                .serving(allocation.id(), clock.instant().plus(config.silenceTimeout()))
                .chain(serving -> serving.map(Uni.createFrom()::item)
                        .orElseGet(() -> tryNext(attempt, allocation, "ended before it served, or never redeemed")))
                .invoke(serving -> TenancyLog.info(serving, "serving"))
                // one ready gateway less: the pool restores its buffer
                .invoke(serving -> poolChanged.fire(new PoolChanged("gateway taken")));
    }

    private Uni<Allocation> tryNext(Attempt attempt, Allocation allocation, String reason) {
        return giveUp(allocation, EndReason.HANDSHAKE_FAILED, reason)
                .chain(() -> attempt.gatewaysTaken().get() < config.maxAttempts()
                        ? allocate(attempt)
                        : Uni.createFrom()
                                .failure(Problem.retryable(
                                        ProblemType.START_FAILED,
                                        config.maxAttempts() + " gateways failed one after the other.",
                                        config.retryAfter())));
    }

    private Uni<Void> giveUp(Allocation allocation, EndReason why, String reason) {
        TenancyLog.warn(allocation, "given up (" + why + "): " + reason);
        return allocations
                .end(allocation.id(), why)
                .invoke(ended -> poolChanged.fire(new PoolChanged(why.name())))
                .replaceWithVoid();
    }

    private Uni<Allocation> budgetSpent(Attempt attempt) {
        Uni<Void> ended = Optional.ofNullable(attempt.inHand().get())
                .map(allocation -> giveUp(allocation, EndReason.HANDSHAKE_EXPIRED, "the start's budget is spent"))
                .orElseGet(() -> Uni.createFrom().voidItem());
        return ended.onFailure().recoverWithNull().chain(() -> Uni.createFrom()
                .failure(Problem.of(ProblemType.START_TIMEOUT, null)));
    }

    private Uni<Void> pause() {
        Duration interval = config.pollInterval();
        return Uni.createFrom().voidItem().onItem().delayIt().by(interval);
    }
}
