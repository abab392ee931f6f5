package dev.ganymede.certificate;

import dev.ganymede.certificate.CertificateConfig.WhenSpent;
import dev.ganymede.id.Domain;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Instance;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/** Puts each way to certificates together from configuration. */
@ApplicationScoped
class Ways {

    private final CertificateConfig config;
    private final LocalCertificateAuthority local;
    private final Domain domain;
    private final Clock clock;
    private final CertificateRepository repository;
    private final Instance<RemoteAuthority> authority;
    private final Instance<CertificateDemand> demand;

    Ways(
            CertificateConfig config,
            LocalCertificateAuthority local,
            Domain domain,
            Clock clock,
            CertificateRepository repository,
            Instance<RemoteAuthority> authority,
            Instance<CertificateDemand> demand) {
        this.config = config;
        this.local = local;
        this.domain = domain;
        this.clock = clock;
        this.repository = repository;
        this.authority = authority;
        this.demand = demand;
    }

    Certificates.Way configured() {
        return switch (config.issuer()) {
            case LOCAL_CA -> new LocalWay(local);
            case FILES -> files();
            case ACME -> remote(authority.get());
        };
    }

    private Certificates.Way files() {
        FilesIssuer files = new FilesIssuer(config.files().directory(), clock);
        return new FilesWay(files, new StandInIssuer(files, local, this::areOwn, config.trustFile()));
    }

    private Certificates.Way remote(RemoteAuthority remote) {
        IssuedStore store = new IssuedStore(config.directory(), remote.name());
        RemoteIssuer issued = new RemoteIssuer(store, repository, remote.name(), clock);
        CertificateQueue queue = new CertificateQueue(repository, demand.get(), domain, remote.name(), config);
        CertificateOrder order =
                new CertificateOrder(remote, repository, store, clock, () -> ThreadLocalRandom.current()
                        .nextDouble());
        CertificateUpkeep upkeep =
                new CertificateUpkeep(remote, repository, queue, order, issued, store, config.unusedAfter(), clock);
        boolean standIn = config.whenSpent() == WhenSpent.LOCAL_CA;
        StandInIssuer issuer = new StandInIssuer(
                issued, local, names -> areOwn(names) || standIn && upkeep.waitsForBudget(names), config.trustFile());
        return new RemoteWay(issuer, upkeep, repository, queue, remote.name(), clock);
    }

    private boolean areOwn(List<String> names) {
        return names.get(0).equals(domain.name());
    }
}
