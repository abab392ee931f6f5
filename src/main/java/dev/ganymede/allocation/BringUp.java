package dev.ganymede.allocation;

import dev.ganymede.collab.GatewayProcess;
import dev.ganymede.collab.GatewayProcess.StartAnswer;
import dev.ganymede.gateway.AllocateResult.Taken;
import dev.ganymede.gateway.Allocation;
import dev.ganymede.gateway.AllocationRepository;
import dev.ganymede.secret.Secret;
import dev.ganymede.timeline.Stage;
import dev.ganymede.timeline.Timeline;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.util.Optional;
import org.jboss.logging.Logger;

/** One gateway's part of a start: names and handshake side by side, then the proof, then {@code SERVING}. It ends nothing. */
@ApplicationScoped
class BringUp {

    private static final Logger LOG = Logger.getLogger(BringUp.class);

    private final AllocationRepository allocations;
    private final GatewayProcess gateways;
    private final Names names;
    private final Proof proof;
    private final Timeline timeline;
    private final AllocationConfig config;
    private final Clock clock;

    BringUp(
            AllocationRepository allocations,
            GatewayProcess gateways,
            Names names,
            Proof proof,
            Timeline timeline,
            AllocationConfig config,
            Clock clock) {
        this.allocations = allocations;
        this.gateways = gateways;
        this.names = names;
        this.proof = proof;
        this.timeline = timeline;
        this.config = config;
        this.clock = clock;
    }

    /** How it went. */
    sealed interface Outcome {

        /** A request through the edge has reached it. */
        record Served(Allocation allocation) implements Outcome {}

        /** This gateway did not do it; another one may. */
        record GatewayFailed(String reason) implements Outcome {}

        /** The organization's data can't be loaded, by no gateway. */
        record Unreadable() implements Outcome {}

        /** DNS or the edge could not be written; another gateway would not help. */
        record NotPublished() implements Outcome {}
    }

    /** Never fails but for the database. */
    Uni<Outcome> of(Taken taken, Secret token) {
        Allocation allocation = taken.allocation();
        TenancyLog.info(allocation, "allocated, handing over");
        timeline.reached(allocation, Stage.ALLOCATED);
        return Uni.combine()
                .all()
                .unis(publish(taken), handOver(allocation, token))
                .asTuple()
                .chain(done -> done.getItem2()
                        .or(done::getItem1)
                        .map(outcome -> Uni.createFrom().item(outcome))
                        .orElseGet(() -> prove(allocation)));
    }

    /** Empty when it was done. */
    private Uni<Optional<Outcome>> publish(Taken taken) {
        Allocation allocation = taken.allocation();
        Uni<Void> published = taken.queued() ? names.move(allocation) : names.publish(allocation);
        return timeline.timed(allocation, Stage.PUBLISHED, published)
                .map(done -> Optional.<Outcome>empty())
                .onFailure()
                .invoke(failure ->
                        LOG.warnf(failure, "names of organization %s not published", allocation.organization()))
                .onFailure()
                .recoverWithItem(Optional.of(new Outcome.NotPublished()));
    }

    private Uni<Optional<Outcome>> handOver(Allocation allocation, Secret token) {
        Uni<StartAnswer> answer = allocation
                .endpoint()
                .map(endpoint -> gateways.start(endpoint, token, config.handshakeTimeout()))
                .orElseGet(() -> Uni.createFrom().item(new StartAnswer.Failed("the gateway has no address")));
        return timeline.timed(allocation, Stage.HANDED_OVER, answer.invoke(BringUp::requireLoaded))
                .map(done -> Optional.<Outcome>empty())
                .onFailure(StepFailed.class)
                .recoverWithItem(failed -> Optional.of(failed.outcome()));
    }

    private static void requireLoaded(StartAnswer answer) {
        if (answer instanceof StartAnswer.Failed failed) {
            throw gatewayFailed(failed.reason());
        }
        if (answer instanceof StartAnswer.Unloadable) {
            throw new StepFailed(new Outcome.Unreadable(), "its data can't be loaded");
        }
    }

    private Uni<Outcome> prove(Allocation allocation) {
        return timeline.timed(allocation, Stage.PROVEN, proof.of(allocation).invoke(BringUp::requireProven))
                .chain(proven -> serve(allocation))
                .onFailure(StepFailed.class)
                .recoverWithItem(failed -> failed.outcome());
    }

    private static void requireProven(boolean proven) {
        if (!proven) {
            throw gatewayFailed("no answer of this allocation through the edge");
        }
    }

    private Uni<Outcome> serve(Allocation allocation) {
        return allocations
                .serving(allocation.id(), clock.instant().plus(config.silenceTimeout()))
                .map(serving -> serving.orElseThrow(() -> gatewayFailed("ended before it served, or never redeemed")))
                .invoke(serving -> {
                    TenancyLog.info(serving, "serving");
                    timeline.reached(serving, Stage.SERVING);
                })
                .map(Outcome.Served::new);
    }

    private static StepFailed gatewayFailed(String reason) {
        return new StepFailed(new Outcome.GatewayFailed(reason), reason);
    }
}
