package dev.ganymede.dns.powerdns;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganymede.id.Domain;
import dev.ganymede.id.OrganizationId;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class LeadingTypesTest {

    private static final ZoneNames NAMES = new ZoneNames(new Domain("domain.local"));
    private static final String OURS = NAMES.gateway(new OrganizationId(new UUID(0, 1)));

    private final LeadingTypes types = new LeadingTypes();

    @Test
    void beforeTheZoneWasReadAnythingMayStandThere() {
        types.written("A");
        assertThat(types.possible()).containsExactlyInAnyOrder("A", "AAAA", "CNAME");
    }

    @Test
    void whatWasNeitherReadNorWrittenIsNotThere() {
        types.written("A");
        types.read(List.of(rrset(OURS, "A"), rrset(OURS, "TXT"), rrset("www.domain.local.", "CNAME")), NAMES);
        assertThat(types.possible()).containsExactly("A");
    }

    @Test
    void whatSomebodyElseBroughtInIsSeenByTheNextReading() {
        types.read(List.of(), NAMES);
        types.read(List.of(rrset(OURS, "CNAME")), NAMES);
        types.read(List.of(), NAMES);
        assertThat(types.possible()).containsExactly("CNAME");
    }

    private static RrSet rrset(String name, String type) {
        return new RrSet(name, type, List.of("somewhere"), false);
    }
}
