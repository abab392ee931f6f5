package dev.ganymede.certificate;

import dev.ganymede.id.Domain;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import java.time.Clock;

/** Chooses the issuer that the configuration names. */
class Issuers {

    @Produces
    @ApplicationScoped
    CertificateIssuer issuer(CertificateConfig config, LocalCertificateAuthority local, Domain domain, Clock clock) {
        return switch (config.issuer()) {
            case LOCAL_CA -> local;
            case FILES ->
                new StandInIssuer(
                        new FilesIssuer(config.files().directory(), clock),
                        local,
                        names -> names.get(0).equals(domain.name()),
                        config.trustFile());
        };
    }
}
