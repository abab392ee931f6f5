package dev.ganymede.edge.nginx;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The edge's place, addresses and limits. */
@ConfigMapping(prefix = "ganymede.edge")
interface EdgeConfig {

    /** Owned by Ganymede; nginx runs with {@code -p <directory>/ -c <directory>/nginx.conf}. */
    Path directory();

    /** IP addresses; the first one is also where Ganymede itself asks. */
    List<String> listenAddresses();

    /** {@code host:port} of every process of Ganymede, as the edge reaches it; without any, only this one, where it listens. */
    Optional<List<String>> ganymedeAddresses();

    int httpPort();

    int httpsPort();

    /** Static files of the apex; may be absent. */
    Path frontendDirectory();

    String nginxBinary();

    /** Whether changes of routes need a reload. */
    EdgeMode mode();

    /** Memory for all routes in mode {@code lua}; an organization takes about 150 bytes. */
    @WithDefault("32")
    int routeTableMib();

    /** Certificates of organizations that each worker keeps parsed in mode {@code lua}; one takes about 10 KiB once it was asked for. */
    @WithDefault("10000")
    int certificateCache();

    /** Whom nginx's workers run as when its master is root; they read the organizations' certificates at each handshake. */
    @WithDefault("www-data")
    String workerUser();

    /** Above the largest snapshot that Ganymede accepts, so that Ganymede answers what is too large, in its own words. */
    @WithDefault("80")
    int bodyLimitMib();

    /** Access tokens travel in the request line. */
    @WithDefault("16")
    int headerLimitKib();

    /** Beyond it, and as many at once again, 429; 0 is no limit. */
    @WithDefault("500")
    int organizationRequestsPerSecond();

    /** WebSockets and requests under way, beyond it 429; 0 is no limit. */
    @WithDefault("5000")
    int organizationConnections();

    /** Browsers that have seen it refuse plain HTTP and bad certificates for the whole domain for so long; 0 never says it. */
    @WithDefault("0S")
    Duration hstsMaxAge();

    /** How long workers of an older configuration may serve WebSockets that are still open. */
    @WithDefault("10M")
    Duration workerShutdownTimeout();

    /** Limit of one run of nginx's command ({@code -t}, {@code -s reload}). */
    @WithDefault("10S")
    Duration commandTimeout();

    /** Limit from the reload to the proof that it is in force. */
    @WithDefault("5S")
    Duration reloadTimeout();

    /** Changes that may wait for the writer; more are refused. */
    @WithDefault("1000")
    int queueCapacity();
}
