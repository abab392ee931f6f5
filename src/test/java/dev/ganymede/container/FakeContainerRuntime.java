package dev.ganymede.container;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Containers in memory. Tests play the gateway inside with {@link #onStart}, {@link #onStop} and {@link #onEnd}, and break the engine with {@link #failNext}, {@link
 * #answerNextCreate}, {@link #delay} and {@link #stallEvents}. Every image exists, and its name is its id, unless a test says otherwise.
 */
public final class FakeContainerRuntime implements ContainerRuntime {

    private record Entry(ContainerSpec spec, String name, ObservedContainer.Status status) {

        Entry ended() {
            return new Entry(spec, name, ObservedContainer.Status.ENDED);
        }

        Entry named(String other) {
            return new Entry(spec, other, status);
        }
    }

    private final Map<ContainerId, Entry> containers = new LinkedHashMap<>();
    private final Map<ContainerId, String> foreign = new LinkedHashMap<>();
    private final Deque<CreateResult> createAnswers = new ArrayDeque<>();
    private Consumer<ContainerSpec> startListener = spec -> {};
    private final Map<String, Optional<String>> images = new HashMap<>();
    private final FakeEvents events = new FakeEvents();
    private Consumer<ContainerSpec> stopListener = spec -> {};
    private Consumer<ContainerSpec> endListener = spec -> {};
    private Duration delay = Duration.ZERO;
    private String host = "127.0.0.1";
    private int failures;

    /** Called after each successful create, as if the program inside had come up. */
    public synchronized void onStart(Consumer<ContainerSpec> listener) {
        startListener = listener;
    }

    /** Called when a running container is asked to end, before it has ended. */
    public synchronized void onStop(Consumer<ContainerSpec> listener) {
        stopListener = listener;
    }

    /** Called when a running container has ended, however: by itself, killed, stopped or removed. */
    public synchronized void onEnd(Consumer<ContainerSpec> listener) {
        endListener = listener;
    }

    /** The engine has this image under this id. */
    public synchronized void addImage(String reference, String id) {
        images.put(reference, Optional.of(id));
    }

    /** The engine doesn't have this image. */
    public synchronized void removeImage(String reference) {
        images.put(reference, Optional.empty());
    }

    /** Nothing is told any more, and nobody notices: what happens now is lost to all subscribers. */
    public void stallEvents() {
        events.stall();
    }

    /** All subscribers have a new connection: events are told again, from here on. */
    public void reconnectEvents() {
        events.reconnect();
    }

    /** The engine can't be reached for the next calls. */
    public synchronized void failNext(int calls) {
        failures = calls;
    }

    /** The next create has this outcome, and no effect. */
    public synchronized void answerNextCreate(CreateResult result) {
        createAnswers.add(result);
    }

    /** Every call from now on takes so long. */
    public synchronized void delay(Duration duration) {
        delay = duration;
    }

    /** Where the containers' ports are reached, from the next create on. */
    public synchronized void host(String address) {
        host = address;
    }

    /** Like {@link #kill}, for the container that has this name. */
    public void killByName(String name) {
        find(name).ifPresent(this::kill);
    }

    /** A container ends by itself, or is killed by the machine. */
    public void kill(ContainerId container) {
        Consumer<ContainerSpec> listener;
        Entry ended;
        synchronized (this) {
            ended = containers.get(container);
            if (ended == null || !runs(ended)) {
                return;
            }
            containers.put(container, ended.ended());
            listener = endListener;
            events.emit(new ContainerEvent.Ended(
                    container,
                    Optional.of(ended.spec().gateway()),
                    Optional.of(ended.spec().life())));
        }
        listener.accept(ended.spec());
    }

    /** Somebody renames one of our containers by hand. */
    public synchronized void renameByHand(String name, String other) {
        find(name).ifPresent(container -> renameNow(container, other));
    }

    /** Somebody removes one of our containers by hand. */
    public void removeByHand(String name) {
        find(name).ifPresent(this::removeNow);
    }

    private synchronized Optional<ContainerId> find(String name) {
        return containers.entrySet().stream()
                .filter(entry -> entry.getValue().name().equals(name))
                .map(Map.Entry::getKey)
                .findFirst();
    }

    /** Somebody else's container on the same engine. */
    public synchronized ContainerId addForeign(String name) {
        ContainerId id = new ContainerId("foreign-" + UUID.randomUUID());
        foreign.put(id, name);
        return id;
    }

    /** The specs of what runs now, oldest first. */
    public synchronized List<ContainerSpec> running() {
        return containers.values().stream()
                .filter(FakeContainerRuntime::runs)
                .map(Entry::spec)
                .toList();
    }

    @Override
    public Uni<ContainerInventory> inventory() {
        return call(() -> {
            List<ObservedContainer> owned = new ArrayList<>();
            containers.forEach((id, entry) -> owned.add(new ObservedContainer(
                    id,
                    entry.name(),
                    Optional.of(entry.spec().gateway()),
                    Optional.of(entry.spec().life()),
                    entry.status())));
            return new ContainerInventory(owned, new HashSet<>(foreign.values()));
        });
    }

    @Override
    public Uni<CreateResult> create(ContainerSpec spec) {
        return call(() -> createNow(spec)).invoke(result -> {
            if (result instanceof CreateResult.Created) {
                listener(true).accept(spec);
            }
        });
    }

    private CreateResult createNow(ContainerSpec spec) {
        if (!createAnswers.isEmpty()) {
            return createAnswers.remove();
        }
        if (names().contains(spec.name())) {
            return new CreateResult.NameTaken(spec.name());
        }
        if (running().stream().anyMatch(other -> other.httpPort() == spec.httpPort())) {
            return new CreateResult.PortTaken("port " + spec.httpPort() + " is already allocated");
        }
        if (spec.image().flatMap(this::idOf).isEmpty() && spec.image().isPresent()) {
            return new CreateResult.Refused("No such image: " + spec.image().get());
        }
        ContainerId id = new ContainerId(UUID.randomUUID().toString());
        containers.put(id, new Entry(spec, spec.name(), ObservedContainer.Status.RUNNING));
        events.emit(new ContainerEvent.Changed(id, "start"));
        return new CreateResult.Created(id, host);
    }

    private Set<String> names() {
        Set<String> names = new HashSet<>(foreign.values());
        containers.values().forEach(entry -> names.add(entry.name()));
        return names;
    }

    @Override
    public Uni<Void> stop(ContainerId container, Duration grace) {
        return call(() -> Optional.ofNullable(owned(container)).filter(FakeContainerRuntime::runs))
                .invoke(found -> found.ifPresent(entry -> listener(false).accept(entry.spec())))
                .invoke(() -> kill(container))
                .replaceWithVoid();
    }

    @Override
    public Uni<Void> remove(ContainerId container) {
        return call(() -> Optional.ofNullable(owned(container)))
                .invoke(found -> found.ifPresent(entry -> removeNow(container)))
                .replaceWithVoid();
    }

    private void removeNow(ContainerId container) {
        kill(container);
        synchronized (this) {
            containers.remove(container);
            events.emit(new ContainerEvent.Changed(container, "destroy"));
        }
    }

    @Override
    public Uni<Void> rename(ContainerId container, String name) {
        return call(() -> {
            if (owned(container) == null) {
                throw new ContainerRuntimeException("container " + container + " is missing", null);
            }
            renameNow(container, name);
            return null;
        });
    }

    private void renameNow(ContainerId container, String name) {
        Entry entry = containers.get(container);
        if (entry.name().equals(name)) {
            return;
        }
        if (names().contains(name)) {
            throw new ContainerRuntimeException("the name " + name + " is taken", null);
        }
        containers.put(container, entry.named(name));
        events.emit(new ContainerEvent.Changed(container, "rename"));
    }

    @Override
    public Multi<ContainerEvent> events() {
        return events.subscribe();
    }

    @Override
    public Uni<Optional<String>> image(String reference) {
        return call(() -> idOf(reference));
    }

    private Optional<String> idOf(String reference) {
        return images.getOrDefault(reference, Optional.of(reference));
    }

    @Override
    public synchronized String nodeAddress() {
        return host;
    }

    @Override
    public Uni<Void> ping() {
        return call(() -> null);
    }

    private Entry owned(ContainerId container) {
        if (foreign.containsKey(container)) {
            throw new ContainerRuntimeException("container " + container + " belongs to somebody else", null);
        }
        return containers.get(container);
    }

    private static boolean runs(Entry entry) {
        return entry.status() == ObservedContainer.Status.RUNNING;
    }

    private synchronized Consumer<ContainerSpec> listener(boolean start) {
        return start ? startListener : stopListener;
    }

    private <T> Uni<T> call(Supplier<T> work) {
        return Uni.createFrom().deferred(() -> {
            // like the real engine, never on the caller's thread: a program that ends may call back
            Uni<T> answer =
                    Uni.createFrom().item(() -> answer(work)).runSubscriptionOn(Infrastructure.getDefaultWorkerPool());
            Duration wait = currentDelay();
            return wait.isZero()
                    ? answer
                    : Uni.createFrom().voidItem().onItem().delayIt().by(wait).chain(() -> answer);
        });
    }

    private synchronized Duration currentDelay() {
        return delay;
    }

    private synchronized <T> T answer(Supplier<T> work) {
        if (failures > 0) {
            failures--;
            throw new ContainerRuntimeException("the engine can't be reached", null);
        }
        return work.get();
    }
}
