package dev.ganymede.dns.powerdns;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganymede.dns.HostAddress;
import dev.ganymede.id.Domain;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class EnvironmentRecordsTest {

    private static final ZoneNames NAMES = new ZoneNames(new Domain("domain.local"));
    private static final RrSet OWN_SOA =
            new RrSet(NAMES.zone(), "SOA", List.of("ns1.domain.local. hostmaster.domain.local. 9 1 1 1 30"), false);

    private final PowerDnsConfig config = Settings.with(Map.of());

    @Test
    void aCompleteZoneNeedsNothing() {
        assertThat(EnvironmentRecords.missing(complete(OWN_SOA), NAMES, config)).isEmpty();
    }

    @Test
    void anEmptyZoneNeedsTheThreeNamesAndASoa() {
        assertThat(EnvironmentRecords.missing(List.of(), NAMES, config))
                .extracting(change -> change.getString("type") + " " + change.getString("name"))
                .containsExactly(
                        "SOA domain.local.", "A domain.local.", "A ganymede.domain.local.", "A ns1.domain.local.");
    }

    @Test
    void theServersPlaceholderIsReplaced() {
        RrSet placeholder = new RrSet(
                NAMES.zone(),
                "SOA",
                List.of("a.misconfigured.dns.server.invalid. hostmaster.domain.local. 1 10800 3600 604800 3600"),
                false);

        List<JsonObject> changes = EnvironmentRecords.missing(complete(placeholder), NAMES, config);

        assertThat(changes).hasSize(1);
        assertThat(changes.get(0).encode())
                .contains("ns1.domain.local. hostmaster.domain.local. 1 10800 3600 604800 5");
    }

    @Test
    void onlyTheNameThatLeadsElsewhereIsMoved() {
        List<RrSet> zone = complete(OWN_SOA).stream()
                .map(rrset -> rrset.name().startsWith("ganymede.")
                        ? RrSet.address(rrset.name(), new HostAddress("192.0.2.1"))
                        : rrset)
                .toList();

        assertThat(EnvironmentRecords.missing(zone, NAMES, config))
                .extracting(change -> change.getString("name"))
                .containsExactly("ganymede.domain.local.");
    }

    private List<RrSet> complete(RrSet soa) {
        Stream<RrSet> addresses = NAMES.environment().stream().map(name -> RrSet.address(name, config.hostAddress()));
        return Stream.concat(Stream.of(soa), addresses).toList();
    }
}
