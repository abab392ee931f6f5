package dev.ganymede.certificate;

import dev.ganymede.certificate.Inventory.Item;
import io.smallrye.mutiny.Uni;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** An authority elsewhere, with its queue. */
record RemoteWay(
        CertificateIssuer issuer,
        CertificateUpkeep upkeep,
        CertificateRepository repository,
        CertificateQueue queue,
        String authority,
        Clock clock)
        implements Certificates.Way {

    @Override
    public Uni<Void> run() {
        return upkeep.run();
    }

    @Override
    public Uni<Inventory> inventory() {
        Instant now = clock.instant();
        return repository.all(authority).chain(entries -> queue.budget(now)
                .map(budget -> new Inventory(
                        "acme", Optional.of(authority), Optional.of(budget), items(entries, now), Map.of())));
    }

    private static List<Item> items(List<CertificateEntry> entries, Instant now) {
        return entries.stream()
                .map(entry -> new Item(
                        entry.subject(),
                        entry.state(now),
                        entry.validity(),
                        entry.attempts(),
                        entry.problem(),
                        Optional.of(entry.attemptAt())))
                .toList();
    }
}
