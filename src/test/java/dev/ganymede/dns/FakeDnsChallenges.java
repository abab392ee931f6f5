package dev.ganymede.dns;

import dev.ganymede.id.Domain;
import io.smallrye.mutiny.Uni;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Challenges in memory. */
public final class FakeDnsChallenges implements DnsChallenges {

    private final Map<String, Set<String>> standing = new ConcurrentHashMap<>();
    private final Domain domain;

    public FakeDnsChallenges(Domain domain) {
        this.domain = domain;
    }

    public Set<String> values(String name) {
        return standing.getOrDefault(name, Set.of());
    }

    @Override
    public Uni<Void> present(String name, Set<String> values) {
        requireOurs(name);
        if (values.isEmpty() || values.stream().anyMatch(value -> !value.matches("[A-Za-z0-9_-]+"))) {
            throw new IllegalArgumentException("not challenges");
        }
        return Uni.createFrom().voidItem().invoke(() -> standing.put(name, Set.copyOf(values)));
    }

    @Override
    public Uni<Void> clear(String name) {
        requireOurs(name);
        return Uni.createFrom().voidItem().invoke(() -> standing.remove(name));
    }

    @Override
    public Uni<Set<String>> standing() {
        return Uni.createFrom().item(() -> Set.copyOf(standing.keySet()));
    }

    private void requireOurs(String name) {
        if (!name.equals(domain.name()) && !name.matches("org-[0-9a-f-]{36}\\." + domain.name())) {
            throw new IllegalArgumentException("not a name of this environment: " + name);
        }
    }
}
