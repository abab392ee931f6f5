package dev.ganymede.edge.nginx;

import dev.ganymede.certificate.CertificateIssuer;
import dev.ganymede.certificate.KeyAndChain;
import dev.ganymede.id.Domain;
import dev.ganymede.id.OrganizationId;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The certificates that the edge shows: one for the apex and every name one label below it, and one for each organization, since {@code *.<domain>} does
 * not reach {@code uc-x.org-y.<domain>}. Each is one file with key and chain, so that the two cannot come apart.
 *
 * <p>The issuer decides about renewal; it is asked again once a day for each organization.
 */
final class EdgeCertificates {

    private static final Duration ASK_AGAIN_AFTER = Duration.ofDays(1);

    private final CertificateIssuer issuer;
    private final Domain domain;
    private final EdgeFiles files;
    private final Clock clock;
    private final Map<OrganizationId, Instant> askAgainAt = new ConcurrentHashMap<>();

    EdgeCertificates(CertificateIssuer issuer, Domain domain, EdgeFiles files, Clock clock) {
        this.issuer = issuer;
        this.domain = domain;
        this.files = files;
        this.clock = clock;
    }

    static String fileName(OrganizationId organization) {
        return EdgeFiles.CERTIFICATES + "/org-" + organization + ".pem";
    }

    /** Key and chain for the environment's own names; secret. */
    Uni<String> basePem() {
        return issuer.issue(List.of(domain.name(), "*." + domain.name())).map(EdgeCertificates::pem);
    }

    /** Completes when a handshake for a name below the organization finds its certificate. */
    Uni<Void> ensure(OrganizationId organization) {
        Instant again = askAgainAt.get(organization);
        if (again != null && clock.instant().isBefore(again)) {
            return Uni.createFrom().voidItem();
        }
        String name = domain.organization(organization);
        return issuer.issue(List.of(name, "*." + name))
                .emitOn(Infrastructure.getDefaultWorkerPool())
                .invoke(issued -> store(organization, pem(issued)))
                .replaceWithVoid();
    }

    private synchronized void store(OrganizationId organization, String pem) {
        String name = fileName(organization);
        if (!files.read(name).equals(Optional.of(pem))) {
            files.putCertificate(name, pem);
        }
        askAgainAt.put(organization, clock.instant().plus(ASK_AGAIN_AFTER));
    }

    private static String pem(KeyAndChain issued) {
        return issued.keyPem() + issued.chainPem();
    }
}
