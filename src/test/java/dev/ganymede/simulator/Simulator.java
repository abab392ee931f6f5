package dev.ganymede.simulator;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServer;
import java.net.URI;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Supplier;

/** The agent and its gateways in this process, on one event loop: what they cost is one core at most. */
public final class Simulator implements AutoCloseable {

    private static final int LIMIT_SECONDS = 60;

    private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
    private final Context context = vertx.getOrCreateContext();
    private final Node node;
    private final int port;

    /**
     * Where it is, and what it is told.
     *
     * @param address of the agent and of all gateways
     * @param port of the agent; 0: any
     * @param slots containers that there are at most
     * @param ganymede where gateways find Ganymede instead: {@code tcp://host:port} for the same URL elsewhere, or another URL
     */
    public record Settings(String address, int port, int slots, Optional<String> token, Optional<URI> ganymede) {

        static Settings of(Function<String, Optional<String>> variable) {
            return new Settings(
                    variable.apply("SIMULATOR_ADDRESS").orElse("127.0.0.1"),
                    variable.apply("SIMULATOR_PORT").map(Integer::parseInt).orElse(7070),
                    variable.apply("SIMULATOR_SLOTS").map(Integer::parseInt).orElse(16_000),
                    variable.apply("SIMULATOR_TOKEN"),
                    variable.apply("SIMULATOR_GANYMEDE").map(URI::create));
        }
    }

    /** Listens when it is made. */
    public Simulator(Settings settings) {
        GanymedeClient ganymede = new GanymedeClient(vertx, settings.ganymede());
        node = new Node(
                vertx,
                (order, ended) -> new SimulatedGateway(vertx, settings.address(), ganymede, order, ended),
                settings.slots());
        Agent agent = new Agent(vertx, node, settings.token());
        HttpServer server = await(on(() -> agent.listen(settings.address(), settings.port())));
        port = server.actualPort();
    }

    public static void main(String[] arguments) {
        Simulator simulator = new Simulator(
                Settings.of(name -> Optional.ofNullable(System.getenv(name)).filter(value -> !value.isBlank())));
        System.out.println("the agent listens on port " + simulator.port());
    }

    /** The agent's. */
    public int port() {
        return port;
    }

    /** Ends a container from outside, as a crash would. */
    public void kill(String container) {
        await(on(() -> node.kill(container)));
    }

    /** Somebody else's container, with its id. */
    public String addForeign(Order order) {
        return await(on(() -> node.create(order))).id;
    }

    private <T> Future<T> on(Supplier<Future<T>> work) {
        Promise<T> promise = Promise.promise();
        context.runOnContext(there -> work.get().onComplete(promise));
        return promise.future();
    }

    private static <T> T await(Future<T> work) {
        try {
            return work.toCompletionStage().toCompletableFuture().get(LIMIT_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        } catch (ExecutionException | TimeoutException failure) {
            throw new IllegalStateException(failure);
        }
    }

    @Override
    public void close() {
        await(vertx.close());
    }
}
