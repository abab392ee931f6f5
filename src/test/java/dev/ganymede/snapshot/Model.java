package dev.ganymede.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ganymede.id.OrganizationId;
import dev.ganymede.id.ProjectId;
import dev.ganymede.problem.Problem;
import dev.ganymede.problem.ProblemType;
import dev.ganymede.snapshot.StoreWorld.Series;
import dev.ganymede.snapshot.StoreWorld.Tenancy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;

/** What must be in the store: all that was acknowledged, but for what retention has let go. */
final class Model {

    /** Blobs whose stored bytes a test has spoiled. */
    final Set<Sha256> damaged = new HashSet<>();

    final List<Organization> organizations = new ArrayList<>();

    /** A version that must read back. */
    record Kept(long number, String kind, Content content, Instant storedAt, long lineage) {}

    /** An accepted push of the living generation, and the version that holds its content. */
    record Accepted(StoreWorld.Wire wire, Content content, long version) {}

    /** One organization, and the gateway that serves it. */
    static final class Organization {

        final OrganizationId id;
        final TreeMap<Long, Kept> versions = new TreeMap<>();
        final List<Accepted> accepted = new ArrayList<>();
        final Map<Integer, ProjectId> projects = new HashMap<>();
        OptionalLong head = OptionalLong.empty();
        long lineage;
        long last;
        Tenancy tenancy;
        Tenancy before;
        long loadedLineage;
        long sequence;
        Content work = Content.NOTHING;
        private final Map<Long, Long> restores = new HashMap<>();

        Organization(OrganizationId id) {
            this.id = id;
        }

        Optional<Kept> headVersion() {
            return head.isPresent() ? Optional.of(versions.get(head.getAsLong())) : Optional.empty();
        }

        /** An earlier version, chosen by any number. */
        Optional<Kept> some(int any) {
            return versions.isEmpty()
                    ? Optional.empty()
                    : Optional.of(List.copyOf(versions.values()).get(any % versions.size()));
        }

        ProjectId project(int number) {
            return projects.computeIfAbsent(number, any -> new ProjectId(UUID.randomUUID()));
        }

        String json(Content content) {
            return json(content, Set.of());
        }

        String json(Content content, Set<Sha256> references) {
            return content.json(this::project, references);
        }

        boolean isHeadContent(Content content) {
            return headVersion().map(Kept::content).filter(content::equals).isPresent();
        }

        /** A push was acknowledged. */
        void pushed(StoreWorld.Wire wire, Content content, Instant now) {
            boolean unchanged = isHeadContent(content);
            if (!unchanged) {
                add("PUSH", content, now, loadedLineage, loadedLineage >= lineage);
            }
            accepted.add(new Accepted(wire, content, unchanged ? head.getAsLong() : last));
        }

        void restored(Kept source, Instant now) {
            lineage++;
            restores.put(last + 1, source.number());
            add("RESTORE", source.content(), now, lineage, true);
        }

        /** By the newest restore; 0: there was none, or nobody knows any more. */
        long restoredFrom() {
            return versions.values().stream()
                    .filter(kept -> kept.kind().equals("RESTORE") && kept.lineage() == lineage)
                    .mapToLong(kept -> restores.get(kept.number()))
                    .findFirst()
                    .orElse(0);
        }

        void add(String kind, Content content, Instant now, long ofLineage, boolean isHead) {
            last++;
            versions.put(last, new Kept(last, kind, content, now, ofLineage));
            if (isHead) {
                head = OptionalLong.of(last);
            }
        }
    }

    /** What was pushed in full is whole from then on, whatever became of the push. */
    void brought(Set<Sha256> blobs) {
        damaged.removeAll(blobs);
    }

    boolean isDamaged(Kept version) {
        return isDamaged(version.content());
    }

    boolean isDamaged(Content content) {
        return content.blobs().stream().anyMatch(damaged::contains);
    }

    /** Compares all of it with the store. */
    void check(StoreWorld world) {
        organizations.forEach(organization -> check(world, organization));
        assertThat(world.sql.column(
                        "select 1 from blob b where size_bytes <> coalesce(octet_length(data), (select sum(octet_length(data))"
                                + " from blob_chunk c where c.sha256 = b.sha256)) and damaged_at is null"
                                + " and encode(sha256, 'hex') <> all('" + hexes() + "')"))
                .as("blobs without their content")
                .isEmpty();
    }

    private String hexes() {
        return "{" + String.join(",", damaged.stream().map(Sha256::hex).toList()) + "}";
    }

    void check(StoreWorld world, Organization organization) {
        Series series = world.series(organization.id);
        assertThat(series.head()).as("head").isEqualTo(organization.head);
        TreeMap<Long, String> kinds = new TreeMap<>();
        organization.versions.forEach((number, kept) -> kinds.put(number, kept.kind()));
        assertThat(new TreeMap<>(series.kinds())).as("versions").isEqualTo(kinds);
        organization.versions.values().forEach(kept -> checkRead(world, organization, kept));
    }

    private void checkRead(StoreWorld world, Organization organization, Kept kept) {
        if (isDamaged(kept)) {
            assertThatThrownBy(() -> world.read(organization.id, kept.number()))
                    .as("version %d is damaged", kept.number())
                    .isInstanceOfSatisfying(Problem.class, problem -> assertThat(problem.type())
                            .isEqualTo(ProblemType.SNAPSHOT_DAMAGED));
        } else {
            assertThat(world.read(organization.id, kept.number()))
                    .as("version %d", kept.number())
                    .isEqualTo(organization.json(kept.content()));
        }
    }

    /** What a pull may give: the head, or else the newest version that is whole, rather not one that a restore undid. */
    Optional<Kept> pullable(Organization organization) {
        return organization
                .headVersion()
                .filter(kept -> !isDamaged(kept))
                .or(() -> organization.versions.values().stream()
                        .filter(kept -> !isDamaged(kept))
                        .max(Comparator.comparing((Kept kept) -> kept.lineage() == organization.lineage)
                                .thenComparing(kept -> kept.number() <= organization.restoredFrom())
                                .thenComparingLong(Kept::lineage)
                                .thenComparingLong(Kept::number)));
    }

    /** Retention has run: what it let go it was allowed to. */
    void thinned(StoreWorld world) {
        for (Organization organization : organizations) {
            Map<Long, String> left = world.series(organization.id).kinds();
            List<Kept> gone = organization.versions.values().stream()
                    .filter(kept -> !left.containsKey(kept.number()))
                    .toList();
            TreeMap<Long, Kept> before = new TreeMap<>(organization.versions);
            gone.forEach(kept -> organization.versions.remove(kept.number()));
            gone.forEach(
                    kept -> assertThat(RetentionOracle.mayGo(this, organization, before, kept, world.clock.instant()))
                            .as("version %s was retired", kept)
                            .isTrue());
        }
    }
}
