package dev.ganymede.pool;

import dev.ganymede.container.ContainerEvent;
import dev.ganymede.container.ContainerRuntime;
import dev.ganymede.gateway.AllocationRepository;
import dev.ganymede.gateway.EndReason;
import dev.ganymede.gateway.LivingGateways;
import dev.ganymede.gateway.PoolChanged;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.Cancellable;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import java.time.Duration;
import org.jboss.logging.Logger;

/**
 * Hears from the engine when a container ends, and ends the tenancy that was in it at once; everything else is a reason for the pool to look.
 *
 * <p>A gateway that leaves in good order says so before its container ends, so its allocation has ended by then and is not lost. The allocation is found by the
 * container's life and ended by its own id: news that come late never hit the next tenancy.
 */
@ApplicationScoped
public class ContainerWatch {

    private static final Logger LOG = Logger.getLogger(ContainerWatch.class);
    private static final int PARALLEL = 8;
    // an engine that ends with all its containers; what does not fit makes a new subscription, which begins with a look
    // at everything
    private static final int BUFFER = 4_096;
    private static final Duration AGAIN_AFTER = Duration.ofSeconds(1);
    private static final Duration AGAIN_AFTER_AT_MOST = Duration.ofSeconds(10);

    private final ContainerRuntime containers;
    private final LivingGateways gateways;
    private final AllocationRepository allocations;
    private final Event<PoolChanged> poolChanged;
    private Cancellable subscription;

    ContainerWatch(
            ContainerRuntime containers,
            LivingGateways gateways,
            AllocationRepository allocations,
            Event<PoolChanged> poolChanged) {
        this.containers = containers;
        this.gateways = gateways;
        this.allocations = allocations;
        this.poolChanged = poolChanged;
    }

    /** Listens from now on. */
    public synchronized void start() {
        stop();
        subscription = containers
                .events()
                .onOverflow()
                .buffer(BUFFER)
                .onItem()
                .transformToUni(this::handle)
                .merge(PARALLEL)
                .onFailure()
                .invoke(failure -> LOG.warnf("containers are not watched for a moment: %s", failure))
                .onFailure()
                .retry()
                .withBackOff(AGAIN_AFTER, AGAIN_AFTER_AT_MOST)
                .indefinitely()
                .subscribe()
                .with(handled -> {}, failure -> LOG.error("containers are not watched any more", failure));
    }

    /** Listens no more. */
    public synchronized void stop() {
        if (subscription != null) {
            subscription.cancel();
            subscription = null;
        }
    }

    private Uni<Void> handle(ContainerEvent event) {
        Uni<String> cause = event instanceof ContainerEvent.Ended ended
                ? ended(ended)
                : Uni.createFrom()
                        .item(() -> event instanceof ContainerEvent.Changed changed
                                ? "a container: " + changed.what()
                                : "events of containers may have been missed");
        return cause.onFailure()
                // the pool's look finds what is left
                .invoke(failure -> LOG.warnf("%s could not be followed: %s", event, failure))
                .onFailure()
                .recoverWithItem("a container ended")
                .invoke(reason -> poolChanged.fire(new PoolChanged(reason)))
                .replaceWithVoid();
    }

    private Uni<String> ended(ContainerEvent.Ended ended) {
        if (ended.gateway().isEmpty() || ended.life().isEmpty()) {
            return Uni.createFrom().item("a container ended");
        }
        return gateways.allocationOf(ended.gateway().get(), ended.life().get())
                .chain(allocation -> allocation
                        .map(lost -> allocations.end(lost, EndReason.GATEWAY_LOST))
                        .orElseGet(() -> Uni.createFrom().nullItem()))
                .invoke(lost -> {
                    if (lost != null && lost.isPresent()) {
                        LOG.warnf(
                                "the container of gateway %s ended while it had organization %s",
                                lost.get().gateway(), lost.get().organization());
                    }
                })
                .replaceWith("a container ended");
    }
}
