package dev.ganymede.edge.nginx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ganymede.id.Domain;
import dev.ganymede.id.Endpoint;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes into nginx's configuration cannot bring directives along. */
class EdgeSettingsTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "127.0.0.1:0",
                "127.0.0.1:70000",
                "a b:1",
                "x:1; server evil:1",
                "::1:6000",
                ":1",
                ""
            })
    void aReplicaIsHostAndPort(String address) {
        assertThatThrownBy(() -> EdgeSettings.replica(address)).hasMessageContaining("ganymede-addresses");
    }

    @ParameterizedTest
    @CsvSource({"127.0.0.1:6000,127.0.0.1", "' node-2.lan:6001 ',node-2.lan", "[fd00::7]:6000,fd00::7"})
    void aReplicaIsReadAsWritten(String address, String host) {
        assertThat(EdgeSettings.replica(address).host()).isEqualTo(host);
        assertThat(EdgeSettings.replica(address).authority()).isEqualTo(address.trim());
    }

    @ParameterizedTest
    @ValueSource(strings = {"a;reload", "127.0.0.1:443", "localhost", "", "127.0.0.1 ssl"})
    void anAddressIsAnAddress(String address) {
        assertThatThrownBy(() -> settings(address, "/srv/edge", "/srv/frontend", ""))
                .hasMessageContaining("listen-addresses");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/srv/\"; include /etc/passwd; \"", "/srv/$host", "/srv/a\nb", "/srv/a\\b"})
    void aPathIsAPath(String path) {
        assertThatThrownBy(() -> settings("127.0.0.1", "/srv/edge", path, "")).hasMessageContaining("cannot quote");
        assertThatThrownBy(() -> settings("127.0.0.1", path, "/srv/frontend", ""))
                .hasMessageContaining("cannot quote");
    }

    @Test
    void aDirectoryLeavesRoomForItsSocket() {
        assertThatThrownBy(() -> settings("127.0.0.1", "/srv/" + "x".repeat(90), "/srv/frontend", ""))
                .hasMessageContaining("too many for a socket");
    }

    @Test
    void aUserIsAUser() {
        assertThatThrownBy(() -> settings("127.0.0.1", "/srv/edge", "/srv/frontend", "root; daemon off"))
                .hasMessageContaining("worker-user");
    }

    @ParameterizedTest
    @CsvSource({"127.0.0.3, 127.0.0.3", "0.0.0.0, 127.0.0.1", "::, ::1", "fd00::5, fd00::5"})
    void knowsWhereItIsReachedFromThisMachine(String address, String reachable) {
        assertThat(settings(address, "/srv/edge", "/srv/frontend", "").reachableAddress())
                .isEqualTo(reachable);
    }

    private static EdgeSettings settings(String address, String directory, String frontend, String user) {
        return new EdgeSettings(
                new Domain("domain.local"),
                Path.of(directory),
                Path.of(frontend),
                List.of(address),
                80,
                443,
                List.of(new Endpoint("127.0.0.1", 6000)),
                user,
                new EdgeLimits(80, 16, 500, 5000, Duration.ZERO),
                Duration.ofMinutes(10),
                Optional.empty());
    }
}
