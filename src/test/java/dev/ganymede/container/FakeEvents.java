package dev.ganymede.container;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import io.smallrye.mutiny.subscription.MultiEmitter;
import java.util.LinkedHashSet;
import java.util.Set;

/** The event stream of {@link FakeContainerRuntime}; like the engine's, it is heard on another thread than the one that caused an event. */
final class FakeEvents {

    private final Set<MultiEmitter<? super ContainerEvent>> subscribers = new LinkedHashSet<>();
    private boolean stalled;

    Multi<ContainerEvent> subscribe() {
        return Multi.createFrom().<ContainerEvent>emitter(this::add).emitOn(Infrastructure.getDefaultExecutor());
    }

    private synchronized void add(MultiEmitter<? super ContainerEvent> subscriber) {
        subscribers.add(subscriber);
        subscriber.onTermination(() -> remove(subscriber));
        subscriber.emit(new ContainerEvent.Resync());
    }

    private synchronized void remove(MultiEmitter<? super ContainerEvent> subscriber) {
        subscribers.remove(subscriber);
    }

    synchronized void emit(ContainerEvent event) {
        if (!stalled) {
            subscribers.forEach(subscriber -> subscriber.emit(event));
        }
    }

    synchronized void stall() {
        stalled = true;
    }

    synchronized void reconnect() {
        stalled = false;
        emit(new ContainerEvent.Resync());
    }
}
