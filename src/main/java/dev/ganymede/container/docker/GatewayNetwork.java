package dev.ganymede.container.docker;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.ConflictException;
import com.github.dockerjava.api.exception.NotFoundException;
import java.util.Map;
import java.util.Set;
import org.jboss.logging.Logger;

/**
 * The network that gateways live in. The environment's scripts make it; an engine that has lost it, or a jar that runs alone, gets it made here. Containers
 * on it can't reach each other.
 */
final class GatewayNetwork {

    private static final Logger LOG = Logger.getLogger(GatewayNetwork.class);
    private static final Set<String> DOCKERS_OWN = Set.of("bridge", "host", "none", "default");

    private final DockerClient docker;
    private final String name;
    private final Labels labels;
    private volatile boolean known;

    GatewayNetwork(DockerClient docker, String name, Labels labels) {
        this.docker = docker;
        this.name = name;
        this.labels = labels;
    }

    /** Asks the engine once, and again after {@link #forget}. */
    void ensure() {
        if (known || DOCKERS_OWN.contains(name)) {
            return;
        }
        if (!exists()) {
            create();
        }
        known = true;
    }

    /** Called after a refusal, which may have been about the network. */
    void forget() {
        known = false;
    }

    private boolean exists() {
        try {
            docker.inspectNetworkCmd().withNetworkId(name).exec();
            return true;
        } catch (NotFoundException missing) {
            return false;
        }
    }

    private void create() {
        try {
            docker.createNetworkCmd()
                    .withName(name)
                    .withDriver("bridge")
                    .withCheckDuplicate(true)
                    .withOptions(Map.of("com.docker.network.bridge.enable_icc", "false"))
                    .withLabels(labels.ofEnvironment())
                    .exec();
            LOG.infof("made the missing network %s", name);
        } catch (ConflictException someoneElseDid) {
            LOG.debugf("network %s appeared meanwhile", name);
        }
    }
}
