package dev.ganymede.certificate;

import dev.ganymede.certificate.CertificateEntry.Validity;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Certificates of the queue, as tests want them. */
final class Entries {

    static final Instant NOW = Instant.parse("2026-03-08T12:00:00Z");
    private static final Duration A_DAY = Duration.ofDays(1);

    private Entries() {}

    /** Never issued, due, and waiting for so many hours. */
    static CertificateEntry fresh(String subject, int hours) {
        Instant since = NOW.minus(Duration.ofHours(hours));
        return new CertificateEntry(
                subject, NOW, since, since, 0, Optional.empty(), Optional.empty(), false, Optional.empty());
    }

    /** To be renewed, and due for so many hours. */
    static CertificateEntry renewal(String subject, int hours) {
        CertificateEntry fresh = fresh(subject, hours);
        Validity validity = new Validity(NOW.minus(A_DAY), NOW.plus(A_DAY));
        return new CertificateEntry(
                subject,
                NOW,
                fresh.wantedAt(),
                fresh.attemptAt(),
                0,
                Optional.empty(),
                Optional.empty(),
                false,
                Optional.of(validity));
    }

    /** Asked for and counted, then killed. */
    static CertificateEntry counted(String subject, int hours) {
        CertificateEntry fresh = fresh(subject, hours);
        URI order = URI.create("https://authority.test/orders/1");
        return new CertificateEntry(
                subject,
                NOW,
                fresh.wantedAt(),
                fresh.attemptAt(),
                0,
                Optional.empty(),
                Optional.of(order),
                true,
                Optional.empty());
    }

    /** Not to be tried for a day. */
    static CertificateEntry later(String subject) {
        return new CertificateEntry(
                subject,
                NOW,
                NOW.minus(A_DAY),
                NOW.plus(A_DAY),
                1,
                Optional.of("refused"),
                Optional.empty(),
                false,
                Optional.empty());
    }
}
