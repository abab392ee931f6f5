package dev.ganymede.certificate;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;

/** What issuers answer, as tests want it. */
final class Answers {

    private static final Duration LIMIT = Duration.ofSeconds(10);

    private Answers() {}

    static IssueResult of(CertificateIssuer issuer, List<String> names) {
        return issuer.issue(names).await().atMost(LIMIT);
    }

    static KeyAndChain issued(CertificateIssuer issuer, List<String> names) {
        IssueResult result = of(issuer, names);
        assertThat(result).isInstanceOf(IssueResult.Issued.class);
        return ((IssueResult.Issued) result).certificate();
    }

    static void assertNotYet(CertificateIssuer issuer, List<String> names) {
        assertThat(of(issuer, names)).isInstanceOf(IssueResult.NotYet.class);
    }
}
