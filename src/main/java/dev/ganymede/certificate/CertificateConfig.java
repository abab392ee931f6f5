package dev.ganymede.certificate;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** Who issues certificates, where they are kept, how long those of the local authority are valid, and how many another one issues. */
@ConfigMapping(prefix = "ganymede.certificate")
interface CertificateConfig {

    /** The local authority also serves where another issuer has nothing for the environment's own names. */
    enum Issuer {
        LOCAL_CA,
        FILES,
        ACME
    }

    /** What organizations get that wait for budget. */
    enum WhenSpent {
        /** None: their names two labels deep have no certificate yet. */
        WAIT,
        /** One of the local authority, until it is their turn. */
        LOCAL_CA
    }

    @WithDefault("local-ca")
    Issuer issuer();

    /** Holds {@code rootCA.pem} and {@code rootCA-key.pem} (mkcert's names: its CAROOT can be dropped in) and what was issued. */
    Path directory();

    /** Private authorities (PEM) that gateways and Ganymede itself are to trust as well, since they may be behind what others issue. */
    Optional<Path> trustFile();

    /** 397 days is the most that browsers accept from public authorities (825 from local ones). */
    @WithDefault("397D")
    Duration validity();

    /** A certificate with less than this left is issued anew when it is asked for. A day at least, and shorter than the validity by 25 hours. */
    @WithDefault("30D")
    Duration renewBefore();

    Supplied files();

    Limits budget();

    @WithDefault("wait")
    WhenSpent whenSpent();

    /** Orders under way at once. */
    @WithDefault("4")
    int parallel();

    /** From one look at the queue to the next. */
    Duration every();

    /** Who was not seen in use for so long is not renewed, and leaves the queue. */
    @WithDefault("30D")
    Duration unusedAfter();

    /** Where an operator puts certificates that were issued elsewhere. */
    interface Supplied {

        Path directory();
    }

    /** What the authority elsewhere allows, which it counts by the registered domain. */
    interface Limits {

        /** Certificates within {@link #window}. */
        @WithDefault("50")
        int perWeek();

        @WithDefault("7D")
        Duration window();

        /** Let's Encrypt exempts them. */
        @WithDefault("false")
        boolean renewalsCount();

        /** From so much of the budget on, operators are warned. */
        @WithDefault("80")
        int warnAtPercent();
    }
}
