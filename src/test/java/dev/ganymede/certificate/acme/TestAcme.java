package dev.ganymede.certificate.acme;

import dev.ganymede.certificate.RemoteAuthority;
import dev.ganymede.dns.DnsChallenges;
import java.nio.file.Path;
import java.util.Optional;

/** The adapter, for tests of other packages. */
public final class TestAcme {

    private TestAcme() {}

    /** @param directory for the account's key */
    public static RemoteAuthority authority(Pebble pebble, Path directory, DnsChallenges challenges) {
        return new AcmeAuthority(
                AcmeSettings.of(pebble.acmeDirectory()), directory, Optional.of(pebble.trustFile()), challenges);
    }
}
