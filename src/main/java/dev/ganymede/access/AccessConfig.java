package dev.ganymede.access;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** Settings of {@code access}. */
@ConfigMapping(prefix = "ganymede.access")
public interface AccessConfig {

    /** The key of frontends and operators; without one, a random key is made once and kept in {@link #apiKeyFile}. */
    Optional<String> apiKey();

    /** Where a made key is kept, readable by the owner only. */
    Path apiKeyFile();

    /** Where the key pair that signs access tokens is kept, readable by the owner only; replicas share it. */
    Path signingKeyFile();

    /** How long a member may open WebSockets with one access token. */
    @WithDefault("5M")
    Duration tokenLifetime();
}
