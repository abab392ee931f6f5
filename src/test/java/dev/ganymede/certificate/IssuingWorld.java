package dev.ganymede.certificate;

import dev.ganymede.certificate.CertificateConfig.WhenSpent;
import dev.ganymede.id.Domain;
import dev.ganymede.id.OrganizationId;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;

/** One process that issues with an authority elsewhere; a second one of the same directory and database is its successor. */
final class IssuingWorld {

    static final Domain DOMAIN = new Domain("issuing.it.local");
    static final List<String> OWN = List.of(DOMAIN.name(), "*." + DOMAIN.name());
    private static final Duration LIMIT = Duration.ofSeconds(60);

    final Set<OrganizationId> allocated = new HashSet<>();
    final List<Optional<String>> told = new CopyOnWriteArrayList<>();
    final CertificateIssuer issuer;
    final LocalCertificateAuthority local;
    private final CertificateRepository repository;
    private final CertificateUpkeep upkeep;
    private final RemoteWay way;
    private final String authority;

    IssuingWorld(Path directory, Pool pool, RemoteAuthority remote, Clock clock, int budget, WhenSpent whenSpent) {
        CertificateConfig config = config(directory, budget);
        authority = remote.name();
        local = new LocalCertificateAuthority(directory, Duration.ofDays(397), Duration.ofDays(30), clock);
        repository = new CertificateRepository(pool);
        IssuedStore store = new IssuedStore(directory, authority);
        RemoteIssuer issued = new RemoteIssuer(store, repository, authority, clock);
        CertificateQueue queue = new CertificateQueue(
                repository, () -> Uni.createFrom().item(Set.copyOf(allocated)), DOMAIN, authority, config);
        CertificateOrder order = new CertificateOrder(remote, repository, store, clock, () -> 0.5);
        upkeep = new CertificateUpkeep(remote, repository, queue, order, issued, store, config.unusedAfter(), clock);
        issuer = new StandInIssuer(
                issued,
                local,
                names -> names.equals(OWN) || whenSpent == WhenSpent.LOCAL_CA && upkeep.waitsForBudget(names),
                Optional.empty());
        issuer.whenChanged(told::add);
        way = new RemoteWay(issuer, upkeep, repository, queue, authority, clock);
    }

    Uni<Void> running() {
        return upkeep.run();
    }

    void run() {
        upkeep.run().await().atMost(LIMIT);
    }

    Inventory inventory() {
        return way.inventory().await().atMost(LIMIT);
    }

    CertificateEntry entry(List<String> names) {
        return repository.all(authority).await().atMost(LIMIT).stream()
                .filter(entry -> entry.subject().equals(names.get(0)))
                .findFirst()
                .orElseThrow();
    }

    static List<String> names(OrganizationId organization) {
        return List.of(DOMAIN.organization(organization), "*." + DOMAIN.organization(organization));
    }

    private static CertificateConfig config(Path directory, int budget) {
        return new SmallRyeConfigBuilder()
                .addDefaultInterceptors()
                .addDiscoveredConverters()
                .withSources(new PropertiesConfigSource(
                        Map.of(
                                "ganymede.certificate.directory",
                                directory.toString(),
                                "ganymede.certificate.files.directory",
                                directory.toString(),
                                "ganymede.certificate.every",
                                "PT1S",
                                "ganymede.certificate.budget.per-week",
                                Integer.toString(budget),
                                "ganymede.certificate.validity",
                                "P397D",
                                "ganymede.certificate.renew-before",
                                "P30D"),
                        "test",
                        100))
                .withMapping(CertificateConfig.class)
                .build()
                .getConfigMapping(CertificateConfig.class);
    }
}
