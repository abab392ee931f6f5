package dev.ganymede.dns.powerdns;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganymede.dns.DnsZone.Published;
import dev.ganymede.dns.HostAddress;
import dev.ganymede.id.Domain;
import dev.ganymede.id.OrganizationId;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ZoneReadingTest {

    private static final OrganizationId ORGANIZATION = OrganizationId.parse("0b0e5bd1-43a4-4a0e-9c11-6a4e6a3b1f11");
    private static final ZoneNames NAMES = new ZoneNames(new Domain("domain.local"));
    private static final HostAddress HERE = new HostAddress("192.0.2.7");
    private static final RrSet GATEWAY = RrSet.address(NAMES.gateway(ORGANIZATION), HERE);
    private static final RrSet WILDCARD = RrSet.address(NAMES.wildcard(ORGANIZATION), HERE);

    @Test
    void anExactPairIsPublished() {
        assertThat(ZoneReading.of(List.of(GATEWAY, WILDCARD), NAMES))
                .isEqualTo(Map.of(ORGANIZATION, new Published.At(HERE)));
    }

    @Test
    void foreignNamesAndTypesThatLeadNowhereAreSkipped() {
        List<RrSet> zone = List.of(
                GATEWAY,
                WILDCARD,
                new RrSet(NAMES.gateway(ORGANIZATION), "TXT", List.of("\"note\""), false),
                new RrSet("www.domain.local.", "A", List.of("192.0.2.1"), false),
                new RrSet("domain.local.", "SOA", List.of("ns1. …"), false));

        assertThat(ZoneReading.of(zone, NAMES)).isEqualTo(Map.of(ORGANIZATION, new Published.At(HERE)));
    }

    static Stream<List<RrSet>> everythingElseIsDamaged() {
        RrSet elsewhere = RrSet.address(WILDCARD.name(), new HostAddress("192.0.2.8"));
        RrSet two = new RrSet(WILDCARD.name(), "A", List.of(HERE.value(), "192.0.2.8"), false);
        RrSet disabled = new RrSet(WILDCARD.name(), "A", List.of(), true);
        RrSet partlyDisabled = new RrSet(WILDCARD.name(), "A", List.of(HERE.value()), true);
        RrSet alias = new RrSet(WILDCARD.name(), "CNAME", List.of(GATEWAY.name()), false);
        RrSet nonsense = new RrSet(WILDCARD.name(), "A", List.of("999.1.1.1"), false);
        RrSet second = RrSet.address(GATEWAY.name(), new HostAddress("2001:db8::7"));
        return Stream.of(
                List.of(GATEWAY),
                List.of(WILDCARD),
                List.of(GATEWAY, elsewhere),
                List.of(GATEWAY, two),
                List.of(GATEWAY, disabled),
                List.of(GATEWAY, partlyDisabled),
                List.of(GATEWAY, alias),
                List.of(GATEWAY, nonsense),
                List.of(GATEWAY, WILDCARD, second));
    }

    @ParameterizedTest
    @MethodSource
    void everythingElseIsDamaged(List<RrSet> zone) {
        assertThat(ZoneReading.of(zone, NAMES)).isEqualTo(Map.of(ORGANIZATION, new Published.Damaged()));
    }

    @Test
    void readsRecordsAsTheServerWritesThem() {
        JsonObject json = new JsonObject(
                """
            {"name": "a.domain.local.", "type": "A", "ttl": 60, "comments": [], "records": [
                {"content": "192.0.2.7", "disabled": false}, {"content": "192.0.2.8", "disabled": true}]}""");

        assertThat(RrSet.read(json)).isEqualTo(new RrSet("a.domain.local.", "A", List.of("192.0.2.7"), true));
        assertThat(RrSet.read(new JsonObject())).isEqualTo(new RrSet("", "", List.of(), false));
    }
}
