package dev.ganymede.container.docker;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.model.AuthConfig;
import com.github.dockerjava.api.model.AuthConfigurations;
import com.github.dockerjava.core.DockerClientConfig;
import com.github.dockerjava.core.DockerClientImpl;
import com.github.dockerjava.core.RemoteApiVersion;
import com.github.dockerjava.core.SSLConfig;
import java.net.URI;

/**
 * What docker-java asks of its surroundings: an engine and nothing else. Its own configuration class reads the user's home and the process
 * environment, which are not where Ganymede's settings live.
 */
record EngineClient(URI engine) implements DockerClientConfig {

    static DockerClient of(DockerConfig config, EngineTransport transport) {
        return DockerClientImpl.getInstance(new EngineClient(config.host()), transport);
    }

    @Override
    public URI getDockerHost() {
        return engine;
    }

    /** Paths without a version: Debian 12's engine ends at 1.41, today's engines begin at 1.44. */
    @Override
    public RemoteApiVersion getApiVersion() {
        return RemoteApiVersion.UNKNOWN_VERSION;
    }

    @Override
    public String getRegistryUsername() {
        return null;
    }

    @Override
    public String getRegistryPassword() {
        return null;
    }

    @Override
    public String getRegistryEmail() {
        return null;
    }

    @Override
    public String getRegistryUrl() {
        return null;
    }

    @Override
    public AuthConfig effectiveAuthConfig(String imageName) {
        return null;
    }

    @Override
    public AuthConfigurations getAuthConfigurations() {
        return new AuthConfigurations();
    }

    @Override
    @SuppressWarnings("deprecation") // the interface still names the old type
    public SSLConfig getSSLConfig() {
        return null;
    }
}
