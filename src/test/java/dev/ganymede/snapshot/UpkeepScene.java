package dev.ganymede.snapshot;

import dev.ganymede.id.OrganizationId;
import dev.ganymede.snapshot.Model.Organization;
import dev.ganymede.snapshot.StoreActions.CloneVersion;
import dev.ganymede.snapshot.StoreActions.Edit;
import dev.ganymede.snapshot.StoreActions.Push;
import dev.ganymede.snapshot.StoreActions.RestoreVersion;
import dev.ganymede.snapshot.StoreActions.Style;
import dev.ganymede.snapshot.StoreWorld.Wire;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * A store in which the upkeep has everything to do: histories to thin, with blobs that others share and with a large one, in more than one transaction; blobs to
 * sweep, likewise; and a push that is under way, of what is about to go. It can be had again and again.
 */
final class UpkeepScene {

    private static final List<String> TABLES =
            List.of("organization", "allocation", "snapshot_series", "snapshot", "blob", "blob_chunk", "snapshot_part");

    /** More than go in one transaction. */
    private static final int MANY = 55;

    private static final Duration PASSED = Duration.ofHours(2);
    private static final int ONCE_LEFT = 1_000;

    private final StoreWorld world;
    private final Model model = new Model();
    private final Wire pushing;
    private final ReceivedPush received;

    UpkeepScene(StoreWorld world) {
        this.world = world;
        world.reset();
        for (int i = 0; i < 2; i++) {
            Organization organization = new Organization(world.organization());
            model.organizations.add(organization);
            StoreActions.serve(world, model, organization);
        }
        histories();
        garbage();
        world.clock.advance(PASSED);
        push(0, 7, MANY + 1);
        Organization other = model.organizations.get(1);
        Content content = other.work.with(1, Content.LARGE).with(2, 5).withGatewayState(ONCE_LEFT);
        pushing = new Wire(other.tenancy, other.json(content), world.clock.instant(), OptionalLong.empty());
        received = world.receive(pushing);
        model.check(world);
        save();
    }

    private void histories() {
        push(0, Content.LARGE, 0);
        for (int i = 1; i < MANY; i++) {
            push(0, i % 7, i);
        }
        push(1, 3, 0);
        push(1, 4, 1);
        push(1, 3, 2);
        new RestoreVersion(0, 1).run(world, model);
        new CloneVersion(0, 0).run(world, model);
        push(2, 6, 1);
    }

    private void push(int organization, int state, int gatewayState) {
        new Push(organization, List.of(new Edit(0, state)), gatewayState, Style.FULL).run(world, model);
    }

    private void garbage() {
        List<Blob> left = new ArrayList<>();
        IntStream.range(ONCE_LEFT, ONCE_LEFT + MANY)
                .mapToObj(number -> "{\"n\": " + number + "}")
                .forEach(text -> left.add(Blob.of(text.getBytes(StandardCharsets.UTF_8))));
        left.add(Blob.of("garbage".repeat(Blob.CHUNK_BYTES / 4).getBytes(StandardCharsets.UTF_8)));
        world.leave(left);
    }

    private void save() {
        world.execute("drop schema if exists saved cascade; create schema saved");
        TABLES.forEach(table -> world.execute("create table saved." + table + " as table " + table));
    }

    /** All as it was. */
    void begin() {
        world.reset();
        TABLES.forEach(table -> world.execute("insert into " + table + " table saved." + table));
        world.clock.advance(PASSED);
    }

    /** The push that was under way when the scene began comes to its end. */
    void finishPush() {
        world.commit(pushing, received, world.arrival());
    }

    /** Which version of which organization. */
    record Key(OrganizationId organization, long version) implements Comparable<Key> {

        @Override
        public int compareTo(Key other) {
            return toString().compareTo(other.toString());
        }
    }

    /** What the store has: versions as they read, heads, and blobs by their hashes. */
    record Stock(TreeMap<Key, String> versions, List<OptionalLong> heads, Set<String> blobs) {}

    Stock stock() {
        TreeMap<Key, String> versions = new TreeMap<>();
        List<OptionalLong> heads = new ArrayList<>();
        for (Organization organization : model.organizations) {
            StoreWorld.Series series = world.series(organization.id);
            heads.add(series.head());
            series.kinds()
                    .keySet()
                    .forEach(number ->
                            versions.put(new Key(organization.id, number), world.read(organization.id, number)));
        }
        return new Stock(versions, heads, blobs("true"));
    }

    Set<String> orphans() {
        return blobs("sha256 not in (select sha256 from snapshot_part)");
    }

    /** Orphans that were not used for so long that they may go at once. */
    Set<String> garbage(Duration grace) {
        Set<String> old = orphans();
        old.retainAll(blobs("used_at < '" + world.clock.instant().minus(grace) + "'"));
        return old;
    }

    /** Whose content is not there, or not all of it. */
    Set<String> brokenBlobs() {
        return blobs("size_bytes is distinct from coalesce(octet_length(data), (select sum(octet_length(c.data))"
                + " from blob_chunk c where c.sha256 = blob.sha256))");
    }

    private Set<String> blobs(String condition) {
        return new HashSet<>(world.sql.column("select encode(sha256, 'hex') from blob where " + condition));
    }
}
