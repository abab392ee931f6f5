package dev.ganymede.edge.nginx;

import dev.ganymede.certificate.CertificateIssuer;
import dev.ganymede.edge.EdgeProbe;
import dev.ganymede.edge.EdgeRoutes;
import dev.ganymede.id.Domain;
import dev.ganymede.id.Endpoint;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/** Puts the adapter together from configuration. */
@ApplicationScoped
class NginxEdge {

    private static final Logger LOG = Logger.getLogger(NginxEdge.class);

    private final EdgeConfig config;
    private final EdgeSettings settings;

    NginxEdge(
            EdgeConfig config,
            @ConfigProperty(name = "ganymede.domain") String domain,
            @ConfigProperty(name = "quarkus.http.host") String host,
            @ConfigProperty(name = "quarkus.http.port") int port) {
        this.config = config;
        this.settings = new EdgeSettings(
                new Domain(domain),
                config.directory(),
                config.frontendDirectory(),
                config.listenAddresses(),
                config.httpPort(),
                config.httpsPort(),
                replicas(config, new Endpoint(reachable(host), port)),
                isRoot() ? config.workerUser() : "",
                new EdgeLimits(
                        config.bodyLimitMib(),
                        config.headerLimitKib(),
                        config.organizationRequestsPerSecond(),
                        config.organizationConnections(),
                        config.hstsMaxAge()),
                config.workerShutdownTimeout(),
                lua(config));
    }

    @Produces
    @ApplicationScoped
    EdgeRoutes routes(CertificateIssuer issuer, Clock clock) {
        EdgeFiles files = new EdgeFiles(settings.directory(), settings.workerUser());
        NginxControl nginx =
                new NginxProcess(config.nginxBinary(), files, config.commandTimeout(), config.reloadTimeout());
        return new NginxEdgeRoutes(
                new EdgeCertificates(issuer, settings.domain(), certificates(files, nginx), clock),
                new EdgeWriter(settings, files, nginx, clock, Checkpoint.NONE),
                nginx,
                files,
                new WorkerAccess(settings.workerUser()),
                config.queueCapacity());
    }

    @Produces
    @ApplicationScoped
    EdgeProbe probe(CertificateIssuer issuer, Vertx vertx) {
        return new NginxEdgeProbe(settings, issuer, vertx);
    }

    private CertificateFiles certificates(EdgeFiles files, NginxControl nginx) {
        return settings.lua().isPresent()
                ? new CertificateFiles(files, organization -> nginx.table().renewed(List.of(organization)))
                : new CertificateFiles(files);
    }

    private static Optional<LuaSettings> lua(EdgeConfig config) {
        if (config.mode() == EdgeMode.RELOAD) {
            return Optional.empty();
        }
        Optional<List<Path>> modules = new LuaModule(config.nginxBinary(), config.commandTimeout()).find();
        if (modules.isEmpty() && config.mode() == EdgeMode.LUA) {
            throw new IllegalArgumentException("ganymede.edge.mode is lua, and " + config.nginxBinary()
                    + " does not have it (libnginx-mod-http-lua, lua-resty-core)");
        }
        LOG.infof("the edge takes routes %s", modules.isPresent() ? "without a reload" : "with a reload each");
        return modules.map(found -> new LuaSettings(found, config.routeTableMib(), config.certificateCache()));
    }

    private static List<Endpoint> replicas(EdgeConfig config, Endpoint self) {
        List<Endpoint> listed = config.ganymedeAddresses().orElse(List.of()).stream()
                .map(EdgeSettings::replica)
                .toList();
        return listed.isEmpty() ? List.of(self) : listed;
    }

    /** Ganymede may listen on every address; the edge is on the same machine. */
    private static String reachable(String host) {
        return switch (host) {
            case "0.0.0.0" -> "127.0.0.1";
            case "::" -> "::1";
            default -> host;
        };
    }

    private static boolean isRoot() {
        return "root".equals(System.getProperty("user.name"));
    }
}
