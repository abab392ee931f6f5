package dev.ganymede.certificate;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** Who issues certificates, where they are kept, and how long those of the local authority are valid. */
@ConfigMapping(prefix = "ganymede.certificate")
interface CertificateConfig {

    /** The local authority also serves where another issuer has nothing for the environment's own names. */
    enum Issuer {
        LOCAL_CA,
        FILES
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

    /** Where an operator puts certificates that were issued elsewhere. */
    interface Supplied {

        Path directory();
    }
}
