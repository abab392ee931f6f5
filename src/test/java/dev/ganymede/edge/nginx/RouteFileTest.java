package dev.ganymede.edge.nginx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ganymede.edge.Route;
import dev.ganymede.id.Endpoint;
import dev.ganymede.id.Generation;
import dev.ganymede.id.OrganizationId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RouteFileTest {

    private static final OrganizationId ORGANIZATION = OrganizationId.parse("0b6f7b52-6f2e-4d4e-9a31-4d6a2b0c9f11");
    private static final String NAME = "routes/0b6f7b52-6f2e-4d4e-9a31-4d6a2b0c9f11.map";

    @ParameterizedTest
    @CsvSource({"127.0.0.1, 7100", "node-2.example.org, 65535", "fd00::1, 7100", "fe80::a:b, 1"})
    void isReadBackAsItWasWritten(String host, int port) {
        Route route = new Route(ORGANIZATION, new Endpoint(host, port), new Generation(17));
        assertThat(RouteFile.parse(RouteFile.name(ORGANIZATION), RouteFile.text(route)))
                .contains(route);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "garbage",
                "0b6f7b52-6f2e-4d4e-9a31-4d6a2b0c9f11 gw_127.0.0.1_7100;",
                "0b6f7b52-6f2e-4d4e-9a31-4d6a2b0c9f11 gw_127.0.0.1_7100@0;",
                "0b6f7b52-6f2e-4d4e-9a31-4d6a2b0c9f11 gw_127.0.0.1_99999@1;",
                "0b6f7b52-6f2e-4d4e-9a31-4d6a2b0c9f11 127.0.0.1:7100@1;",
                "7d1f0c1e-58a0-4b54-8a39-2e8f6d1b7c22 gw_127.0.0.1_7100@1;",
            })
    void whatWeWouldNotHaveWrittenIsNoRoute(String content) {
        assertThat(RouteFile.parse(NAME, content)).isEmpty();
    }

    @Test
    void otherFilesAreNotOurs() {
        assertThat(RouteFile.isOurs(NAME)).isTrue();
        assertThat(RouteFile.isOurs("routes/readme.map")).isFalse();
        assertThat(RouteFile.isOurs("routes/0b6f7b52-6f2e-4d4e-9a31-4d6a2b0c9f11.map.bak"))
                .isFalse();
        assertThat(RouteFile.isOurs("routes/../0b6f7b52-6f2e-4d4e-9a31-4d6a2b0c9f11.map"))
                .isFalse();
    }

    @Test
    void aForeignUpstreamHasNoEndpoint() {
        assertThatThrownBy(() -> Gateways.endpoint("ganymede")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Gateways.endpoint("gw_")).isInstanceOf(IllegalArgumentException.class);
    }
}
