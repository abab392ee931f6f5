package dev.ganymede.container;

import dev.ganymede.id.Domain;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The environment variables that a gateway finds in its container, whoever makes it (seed 004, "Phase 3"). */
public final class GatewayVariables {

    /** Where the workspace is found. */
    public static final String WORKSPACE = "/home/dev/workspace";

    private final Domain domain;
    private final URI ganymedeUrl;
    private final GatewayConfig settings;

    public GatewayVariables(Domain domain, URI ganymedeUrl, GatewayConfig settings) {
        this.domain = domain;
        this.ganymedeUrl = ganymedeUrl;
        this.settings = settings;
    }

    /** Each {@code NAME=value}; the boot token is among them. */
    public List<String> of(ContainerSpec spec, Optional<String> authorityPem) {
        List<String> variables = new ArrayList<>();
        // "ready" as the seed has it: made to be allocated, not yet serving anybody
        variables.add("GATEWAY_STATE=ready");
        variables.add("GATEWAY_ID=" + spec.gateway());
        variables.add("GATEWAY_NAME=" + spec.name());
        variables.add("GATEWAY_HTTP_PORT=" + spec.httpPort());
        variables.add("GATEWAY_VPN_PORT=" + spec.vpnPort());
        variables.add("GATEWAY_BOOT_TOKEN=" + spec.bootToken());
        variables.add("GANYMEDE_FQDN=" + domain.ganymede());
        variables.add("GANYMEDE_URL=" + ganymedeUrl);
        variables.add("DOMAIN=" + domain);
        variables.add("WORKSPACE=" + WORKSPACE);
        variables.add("GATEWAY_AUTOSAVE_SECONDS=" + seconds(settings.autosave()));
        variables.add("GATEWAY_PING_SECONDS=" + seconds(settings.ping()));
        variables.add("GATEWAY_INACTIVITY_SHUTDOWN_SECONDS=" + seconds(settings.inactivityShutdown()));
        variables.add("GATEWAY_DISABLE_SHUTDOWN=" + settings.disableShutdown());
        variables.add("GATEWAY_STOP_GRACE_SECONDS=" + seconds(settings.stopGrace()));
        authorityPem.ifPresent(pem -> variables.add("GANYMEDE_CA_PEM=" + pem));
        return List.copyOf(variables);
    }

    /** Rounded up: a timer that was set must not become "off". */
    private static long seconds(Duration duration) {
        return duration.plusMillis(999).toSeconds();
    }
}
