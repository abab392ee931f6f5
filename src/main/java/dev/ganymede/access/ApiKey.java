package dev.ganymede.access;

import dev.ganymede.secret.Secret;
import dev.ganymede.secret.SecretHash;
import io.quarkus.runtime.Startup;
import jakarta.enterprise.context.ApplicationScoped;
import org.jboss.logging.Logger;

/** The one API key of frontends and operators, until access control comes. There is always one: nothing is open by accident. */
@Startup
@ApplicationScoped
public class ApiKey {

    private static final Logger LOG = Logger.getLogger(ApiKey.class);
    private static final int MIN_LENGTH = 16;

    private final SecretHash key;

    ApiKey(AccessConfig config) {
        String configured = config.apiKey().map(String::strip).orElse("");
        if (configured.isEmpty()) {
            LOG.infof("no API key is configured, using the one in %s", config.apiKeyFile());
            configured = SecretFile.readOrCreate(
                            config.apiKeyFile(), () -> Secret.random().value())
                    .strip();
        }
        if (configured.length() < MIN_LENGTH) {
            throw new IllegalStateException("the API key needs at least " + MIN_LENGTH + " characters");
        }
        this.key = SecretHash.of(configured);
    }

    boolean accepts(String presented) {
        return presented != null && key.matches(presented);
    }
}
