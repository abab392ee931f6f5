package dev.ganymede.world;

import dev.ganymede.container.ContainerSpec;
import java.net.URI;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The programs in the containers of the fake engine, one for each that runs. */
public final class SimulatedGateways {

    /** Where they listen: a loopback address of their own, so that real gateways on the same machine keep theirs. */
    public static final String HOST = "127.0.77.1";

    /** How a gateway takes {@code /collab/start}. */
    public enum Manner {
        GOOD,
        /** Comes up, but never calls ready. */
        NEVER_READY,
        REFUSES,
        NEVER_ANSWERS,
        FINDS_DAMAGE,
        /** 200 without having redeemed anything. */
        TALKS_GARBAGE
    }

    private final URI ganymede;
    private final Watch watch;
    private final Map<String, SimulatedGateway> byName = new ConcurrentHashMap<>();
    private final Map<String, Manner> manners = new ConcurrentHashMap<>();
    private final Map<String, Manner> imageManners = new ConcurrentHashMap<>();

    SimulatedGateways(URI ganymede, Watch watch) {
        this.watch = watch;
        this.ganymede = ganymede;
    }

    void started(ContainerSpec spec) {
        byName.compute(spec.name(), (name, earlier) -> {
            if (earlier != null) {
                earlier.close();
            }
            return new SimulatedGateway(spec, HOST, ganymede, mannerOf(spec), watch);
        });
    }

    /** SIGTERM: it leaves by itself. */
    void stopped(ContainerSpec spec) {
        SimulatedGateway gateway = byName.get(spec.name());
        if (gateway != null && gateway.configuration() != null) {
            gateway.leave();
        }
    }

    /** Its container is gone: nobody is reached there any more. */
    void ended(ContainerSpec spec) {
        byName.computeIfPresent(spec.name(), (name, gateway) -> {
            boolean isThisLife = gateway.spec().life().equals(spec.life());
            if (isThisLife) {
                gateway.close();
            }
            return isThisLife ? null : gateway;
        });
    }

    /** From now on, the program of this name accepts and answers nothing, until {@link #awake} or its next life. */
    public void hang(String name) {
        gateway(name).hang(true);
    }

    /** It answers again. */
    public void awake(String name) {
        gateway(name).hang(false);
    }

    /** Its process was started anew and knows of nobody. */
    public void forget(String name) {
        gateway(name).forget();
    }

    /** So many clients are connected to it. */
    public void connections(String name, int count) {
        gateway(name).connections(count);
    }

    private SimulatedGateway gateway(String name) {
        return Optional.ofNullable(byName.get(name))
                .orElseThrow(() -> new IllegalArgumentException("no gateway runs under the name " + name));
    }

    /** From its next life on. */
    public void manner(String name, Manner manner) {
        manners.put(name, manner);
    }

    /** Every life with this image, from now on. */
    public void imageManner(String image, Manner manner) {
        imageManners.put(image, manner);
    }

    private Manner mannerOf(ContainerSpec spec) {
        return spec.image().map(imageManners::get).orElseGet(() -> manners.getOrDefault(spec.name(), Manner.GOOD));
    }

    public Collection<SimulatedGateway> all() {
        return byName.values();
    }

    /** The one that serves this organization. */
    public Optional<SimulatedGateway> serving(String organization) {
        return byName.values().stream()
                .filter(gateway -> gateway.configuration() != null)
                .filter(gateway -> organization.equals(
                        gateway.configuration().path("organization_id").asText()))
                .findFirst();
    }
}
