package dev.ganymede.certificate;

import java.time.Duration;
import java.time.Instant;

/** When a certificate is tried again; pure functions. Spread by chance, so that what began together does not stay together. */
final class Timetable {

    private static final Duration FIRST_PAUSE = Duration.ofMinutes(1);
    private static final Duration LONGEST_PAUSE = Duration.ofHours(6);
    private static final int GROWTH = 4;
    /** Of a lifetime; a third of it is left for what goes wrong. */
    private static final double RENEW_AT = 2.0 / 3;

    private static final double SPREAD_OF_RENEWALS = 0.05;
    private static final double SPREAD_OF_PAUSES = 0.2;

    private Timetable() {}

    /** @param chance from 0 up to 1 */
    static Instant renewal(CertificateEntry.Validity validity, double chance) {
        Duration life = Duration.between(validity.issuedAt(), validity.expiresAt());
        return validity.issuedAt().plus(times(life, RENEW_AT + SPREAD_OF_RENEWALS * (2 * chance - 1)));
    }

    /**
     * @param attempts that came to nothing, this one included
     * @param chance from 0 up to 1
     */
    static Duration pause(int attempts, double chance) {
        Duration pause = FIRST_PAUSE;
        for (int attempt = 1; attempt < attempts && pause.compareTo(LONGEST_PAUSE) < 0; attempt++) {
            pause = pause.multipliedBy(GROWTH);
        }
        Duration bounded = pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE;
        return times(bounded, 1 + SPREAD_OF_PAUSES * chance);
    }

    private static Duration times(Duration duration, double factor) {
        return Duration.ofMillis(Math.round(duration.toMillis() * factor));
    }
}
