package dev.ganymede.dns.powerdns;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganymede.id.Domain;
import dev.ganymede.id.OrganizationId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ZoneNamesTest {

    private static final OrganizationId ORGANIZATION = OrganizationId.parse("0b0e5bd1-43a4-4a0e-9c11-6a4e6a3b1f11");

    private final ZoneNames names = new ZoneNames(new Domain("Domain.local"));

    @Test
    void areCanonical() {
        assertThat(names.environment()).containsExactly("domain.local.", "ganymede.domain.local.", "ns1.domain.local.");
        assertThat(names.of(ORGANIZATION))
                .containsExactly(
                        "org-0b0e5bd1-43a4-4a0e-9c11-6a4e6a3b1f11.domain.local.",
                        "*.org-0b0e5bd1-43a4-4a0e-9c11-6a4e6a3b1f11.domain.local.");
    }

    @Test
    void areReadBack() {
        assertThat(names.parse(names.gateway(ORGANIZATION))).contains(new ZoneNames.Owned(ORGANIZATION, false));
        assertThat(names.parse(names.wildcard(ORGANIZATION))).contains(new ZoneNames.Owned(ORGANIZATION, true));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "domain.local.",
                "www.domain.local.",
                "org-.domain.local.",
                "org-1-1-1-1-1.domain.local.",
                "org-domain.local.",
                "org-0b0e5bd1-43a4-4a0e-9c11-6a4e6a3b1f11.domain.local",
                "org-0B0E5BD1-43a4-4a0e-9c11-6a4e6a3b1f11.domain.local.",
                "org-0b0e5bd1-43a4-4a0e-9c11-6a4e6a3b1f11.other.local.",
                "x.org-0b0e5bd1-43a4-4a0e-9c11-6a4e6a3b1f11.domain.local.",
                "*.*.org-0b0e5bd1-43a4-4a0e-9c11-6a4e6a3b1f11.domain.local."
            })
    void everythingElseIsForeign(String name) {
        assertThat(names.parse(name)).isEmpty();
    }
}
