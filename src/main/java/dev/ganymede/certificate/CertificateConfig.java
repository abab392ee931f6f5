package dev.ganymede.certificate;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;

/** Where the local certificate authority keeps its files, and how long what it issues is valid. */
@ConfigMapping(prefix = "ganymede.certificate")
interface CertificateConfig {

    /** Holds {@code rootCA.pem} and {@code rootCA-key.pem} (mkcert's names: its CAROOT can be dropped in) and what was issued. */
    Path directory();

    /** 397 days is the most that browsers accept from public authorities (825 from local ones). */
    @WithDefault("397D")
    Duration validity();

    /** A certificate with less than this left is issued anew when it is asked for. A day at least, and shorter than the validity by 25 hours. */
    @WithDefault("30D")
    Duration renewBefore();
}
