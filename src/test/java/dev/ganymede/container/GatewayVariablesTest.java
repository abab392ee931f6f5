package dev.ganymede.container;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganymede.id.Domain;
import dev.ganymede.id.GatewayId;
import dev.ganymede.id.LifeId;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class GatewayVariablesTest {

    private static final GatewayId GATEWAY = GatewayId.parse("0b0e5bd1-43a4-4a0e-9c11-6a4e6a3b1f11");
    private static final LifeId LIFE = LifeId.parse("5b8f0c8e-1d50-4c52-8a8b-0c7f7a1f2d33");

    @Test
    void areTheSeedsNames() {
        assertThat(variables(Map.of()).of(spec(), Optional.empty()))
                .containsExactly(
                        "GATEWAY_STATE=ready",
                        "GATEWAY_ID=" + GATEWAY,
                        "GATEWAY_NAME=gw-pool-2",
                        "GATEWAY_HTTP_PORT=7102",
                        "GATEWAY_VPN_PORT=49102",
                        "GATEWAY_BOOT_TOKEN=boot",
                        "GANYMEDE_FQDN=ganymede.domain.local",
                        "GANYMEDE_URL=https://ganymede.domain.local",
                        "DOMAIN=domain.local",
                        "WORKSPACE=/home/dev/workspace",
                        "GATEWAY_AUTOSAVE_SECONDS=30",
                        "GATEWAY_PING_SECONDS=60",
                        "GATEWAY_INACTIVITY_SHUTDOWN_SECONDS=300",
                        "GATEWAY_DISABLE_SHUTDOWN=false",
                        "GATEWAY_STOP_GRACE_SECONDS=30");
    }

    @Test
    void aPartOfASecondDoesNotBecomeNever() {
        assertThat(variables(Map.of("autosave", "PT0.2S")).of(spec(), Optional.empty()))
                .contains("GATEWAY_AUTOSAVE_SECONDS=1");
    }

    @Test
    void theAuthorityIsHandedInWhenThereIsOne() {
        assertThat(variables(Map.of()).of(spec(), Optional.of("PEM"))).contains("GANYMEDE_CA_PEM=PEM");
    }

    private static GatewayVariables variables(Map<String, String> overrides) {
        return new GatewayVariables(
                new Domain("domain.local"),
                URI.create("https://ganymede.domain.local"),
                GatewayConfigs.with(overrides));
    }

    private static ContainerSpec spec() {
        return new ContainerSpec(GATEWAY, LIFE, "gw-pool-2", 7102, 49_102, Optional.empty(), "boot");
    }
}
