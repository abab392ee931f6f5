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

    void stopped(ContainerSpec spec) {
        SimulatedGateway gateway = byName.remove(spec.name());
        if (gateway != null) {
            if (gateway.configuration() != null) {
                gateway.leave();
            }
            gateway.close();
        }
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
