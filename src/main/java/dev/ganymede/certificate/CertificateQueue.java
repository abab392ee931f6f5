package dev.ganymede.certificate;

import dev.ganymede.certificate.IssuancePlanner.Observation;
import dev.ganymede.id.Domain;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Keeps the queue complete, from who is served now, and reads it for the planner. */
final class CertificateQueue {

    /** Writing it each time would be thousands of rows for nothing. */
    private static final Duration SEEN_EVERY = Duration.ofDays(1);

    private final CertificateRepository repository;
    private final CertificateDemand demand;
    private final Domain domain;
    private final String authority;
    private final CertificateConfig config;

    CertificateQueue(
            CertificateRepository repository,
            CertificateDemand demand,
            Domain domain,
            String authority,
            CertificateConfig config) {
        this.repository = repository;
        this.demand = demand;
        this.domain = domain;
        this.authority = authority;
        this.config = config;
    }

    Budget.Rules rules() {
        CertificateConfig.Limits limits = config.budget();
        return new Budget.Rules(limits.perWeek(), limits.window(), limits.renewalsCount(), limits.warnAtPercent());
    }

    Uni<Observation> observe(Instant now) {
        return inUse().chain(subjects -> complete(subjects, now).chain(entries -> budget(now)
                .map(budget -> new Observation(now, entries, domain.name(), subjects, budget, config.parallel()))));
    }

    Uni<Budget> budget(Instant now) {
        Budget.Rules rules = rules();
        return repository
                .issuancesSince(authority, now.minus(rules.window()))
                .map(issuances -> Budget.at(now, issuances, rules));
    }

    private Uni<Set<String>> inUse() {
        return demand.allocated().map(organizations -> {
            Set<String> subjects =
                    organizations.stream().map(domain::organization).collect(Collectors.toCollection(HashSet::new));
            subjects.add(domain.name());
            return subjects;
        });
    }

    private Uni<List<CertificateEntry>> complete(Set<String> inUse, Instant now) {
        return repository.all(authority).chain(entries -> {
            Map<String, CertificateEntry> known =
                    entries.stream().collect(Collectors.toMap(CertificateEntry::subject, Function.identity()));
            List<String> unseen = inUse.stream()
                    .filter(subject -> !known.containsKey(subject)
                            || known.get(subject).seenAt().plus(SEEN_EVERY).isBefore(now))
                    // rows in one order for all: two processes at once would lock each other out
                    .sorted()
                    .toList();
            return unseen.isEmpty()
                    ? Uni.createFrom().item(entries)
                    : repository.enlist(authority, unseen, now).chain(() -> repository.all(authority));
        });
    }
}
