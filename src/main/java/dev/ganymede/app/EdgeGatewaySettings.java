package dev.ganymede.app;

import dev.ganymede.certificate.CertificateIssuer;
import dev.ganymede.container.GatewaySettings;
import dev.ganymede.id.Domain;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Instance;
import java.net.URI;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Gateways reach Ganymede as everybody does: through the edge, by its name, with the issuer's authority. */
@ApplicationScoped
class EdgeGatewaySettings implements GatewaySettings {

    private static final int HTTPS_PORT = 443;

    private final Domain domain;
    private final Instance<CertificateIssuer> issuer;
    private final int httpsPort;

    EdgeGatewaySettings(
            Domain domain,
            Instance<CertificateIssuer> issuer,
            @ConfigProperty(name = "ganymede.edge.https-port") int httpsPort) {
        this.domain = domain;
        this.issuer = issuer;
        this.httpsPort = httpsPort;
    }

    @Override
    public URI ganymedeUrl() {
        return URI.create("https://" + domain.ganymede() + (httpsPort == HTTPS_PORT ? "" : ":" + httpsPort));
    }

    @Override
    public Uni<Optional<String>> authorityPem() {
        return issuer.get().rootPem().map(Optional::of);
    }
}
