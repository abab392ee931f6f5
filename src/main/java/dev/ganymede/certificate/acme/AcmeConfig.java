package dev.ganymede.certificate.acme;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The ACME authority, our account there, and limits of time. */
@ConfigMapping(prefix = "ganymede.certificate.acme")
interface AcmeConfig {

    /** Needed with the issuer {@code acme}; no default, since a test run against a public authority counts against its limits. */
    Optional<URI> directory();

    /** Where the authority may write to, as {@code mailto:…}. */
    Optional<List<String>> contact();

    /** That the operator has read and accepts the authority's terms; without it, nothing is ordered. */
    @WithDefault("false")
    boolean acceptTerms();

    ExternalAccount externalAccount();

    /** Longest time of one request. */
    @WithDefault("20S")
    Duration timeout();

    /** Longest time that the authority may take to look at our proofs, and again to sign. */
    @WithDefault("1M")
    Duration patience();

    /** From the zone's change to the call of the authority: for secondary name servers. */
    @WithDefault("0S")
    Duration propagation();

    /** Some authorities want to know whose customer the account is (RFC 8555 §7.3.4). */
    interface ExternalAccount {

        Optional<String> keyId();

        /** Base64url; secret. */
        Optional<String> hmacKey();
    }
}
