package dev.ganymede.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganymede.id.OrganizationId;
import dev.ganymede.id.ProjectId;
import dev.ganymede.snapshot.StoreWorld.Tenancy;
import dev.ganymede.snapshot.StoreWorld.Wire;
import io.vertx.core.Context;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Retention on a real PostgreSQL, beside those who use what it removes. */
class RetentionIT {

    private static final ProjectId PROJECT = new ProjectId(UUID.randomUUID());

    private static StoreWorld world;

    private Tenancy tenancy;

    @BeforeAll
    static void run() {
        world = new StoreWorld();
    }

    @AfterAll
    static void end() throws IOException {
        world.close();
    }

    @BeforeEach
    void begin() {
        world.reset();
        tenancy = world.serve(world.organization(), 1);
    }

    @Test
    void aHistoryIsThinnedWhenItIsDueAndNotLookedAtInBetween() {
        push("one");
        push("two");
        assertThat(world.thin()).isZero();
        assertThat(dueInMinutes()).as("when the first is an hour old").isEqualTo("60");
        world.clock.advance(Duration.ofMinutes(59));
        assertThat(world.thin()).isZero();
        world.clock.advance(Duration.ofMinutes(1));
        assertThat(world.thin()).isOne();
        assertThat(versions()).containsExactly(2L);
        assertThat(world.sql.column("select 1 from snapshot_series where thin_at is not null"))
                .as("nothing will be due")
                .isEmpty();
    }

    @Test
    void anotherVersionMakesTheOrganizationDueSoon() {
        push("one");
        world.thin();
        push("two");
        assertThat(dueInMinutes()).isEqualTo("10");
        world.clock.advance(Duration.ofMinutes(1));
        push("three");
        assertThat(dueInMinutes()).as("the first of them says when").isEqualTo("9");
    }

    @Test
    void aHistoryGivesWayToItsQuotaTheOldestFirst() {
        for (int i = 1; i <= 5; i++) {
            push("x".repeat(1_000) + i);
        }
        world.execute("update snapshot_series set quota_bytes = 3500");
        assertThat(world.thin()).isEqualTo(2);
        assertThat(versions()).containsExactly(3L, 4L, 5L);
    }

    @Test
    void aNewQuotaIsLookedAtAtOnce() {
        for (int i = 1; i <= 5; i++) {
            push("x".repeat(1_000) + i);
        }
        world.clock.advance(Retention.PAUSE);
        assertThat(world.thin()).isZero();
        Quotas quotas = new Quotas(world.pool);
        StoreWorld.await(quotas.set(tenancy.organization(), 3_500));
        assertThat(world.thin()).isEqualTo(2);
        StoreWorld.await(quotas.clear(tenancy.organization()));
        assertThat(world.sql.value("select thin_at from snapshot_series")).isEqualTo("-infinity");
    }

    @Test
    void theHeadStaysThoughItIsBeyondTheQuota() {
        push("x".repeat(1_000));
        push("y".repeat(1_000));
        world.execute("update snapshot_series set quota_bytes = 1");
        world.thin();
        assertThat(versions()).containsExactly(2L);
        assertThat(world.pull(tenancy)).isPresent();
    }

    @Test
    void aShareIsBoundedAndTheNextGoesOn() {
        for (int i = 0; i < 302; i++) {
            push("version " + i);
        }
        world.clock.advance(Duration.ofHours(2));
        assertThat(world.thin()).isEqualTo(250);
        assertThat(world.thin()).isEqualTo(51);
        assertThat(world.thin()).isZero();
        assertThat(versions()).containsExactly(302L);
    }

    @Test
    void aShareOfManyOrganizationsIsBoundedToo() {
        for (int i = 0; i < 6; i++) {
            OrganizationId organization = world.organization();
            world.execute(
                    """
                    insert into snapshot_series (organization_id, last_version, head_version) values ('%1$s', 250, 250);
                    insert into snapshot (organization_id, version, lineage, kind, taken_at, confirmed_at, stored_at, digest, size_bytes)
                    select '%1$s', n, 0, 'PUSH', '%2$s', '%2$s', '%2$s', sha256(n::text::bytea), 1
                    from generate_series(1, 250) n"""
                            .formatted(organization.value(), StoreWorld.BEGIN));
        }
        world.clock.advance(Duration.ofHours(2));
        assertThat(world.thin())
                .as("249 of each, and so many exceed a thousand")
                .isEqualTo(5 * 249);
        assertThat(world.thin()).isEqualTo(249);
    }

    @Test
    void theEventLoopMakesNoPlans() {
        push("one");
        push("two");
        world.clock.advance(Duration.ofHours(2));
        List<Boolean> onEventLoop = new CopyOnWriteArrayList<>();
        RetentionConfig settings = new StoreSettings().retention();
        RetentionConfig watched = (RetentionConfig) Proxy.newProxyInstance(
                RetentionConfig.class.getClassLoader(), new Class<?>[] {RetentionConfig.class}, (self, rule, none) -> {
                    onEventLoop.add(Context.isOnEventLoopThread());
                    return rule.invoke(settings);
                });
        Retention retention = new Retention(
                new RetentionRepository(world.pool), watched, new StoreSettings().snapshots(), world.clock);
        assertThat(StoreWorld.await(retention.run())).isOne();
        assertThat(onEventLoop).isNotEmpty().containsOnly(false);
    }

    @Test
    void whoReadsAVersionThatGoesReadsItToItsEnd() {
        String large = data(9 * 1024 * 1024);
        pushData(large);
        world.clock.advance(Duration.ofDays(3));
        push("another");
        VersionReader.Opened reading = world.open(tenancy.organization(), 1);
        world.execute("update snapshot_series set quota_bytes = 1");
        assertThat(world.thin()).isOne();
        world.clock.advance(Duration.ofMinutes(59));
        assertThat(world.sweep()).isZero();
        assertThat(world.rest(reading)).isEqualTo(large);
        world.clock.advance(Duration.ofMinutes(2));
        assertThat(world.sweep()).isOne();
    }

    @Test
    void aVersionThatIsBeingRestoredStaysAndGoesLater() throws SQLException {
        push("one");
        push("two");
        world.clock.advance(Duration.ofHours(2));
        try (Connection restoring = world.connection();
                var statement = restoring.createStatement()) {
            statement.execute("select from snapshot where version = 1 for key share");
            assertThat(world.thin()).isZero();
            restoring.commit();
        }
        world.clock.advance(Retention.PAUSE);
        assertThat(world.thin()).isOne();
    }

    @Test
    void oneHistoryThatFailsDoesNotStopTheOthers() {
        push("one");
        push("two");
        OrganizationId broken = tenancy.organization();
        tenancy = world.serve(world.organization(), 1);
        push("one");
        push("two");
        world.clock.advance(Duration.ofHours(2));
        world.execute(
                """
                create function refuse() returns trigger language plpgsql as $$ begin raise 'no'; end $$;
                create trigger refuse before delete on snapshot for each row
                    when (old.organization_id = '%s') execute function refuse()"""
                        .formatted(broken.value()));
        try {
            assertThat(world.thin()).isOne();
            assertThat(versions()).containsExactly(2L);
        } finally {
            world.execute("drop function refuse cascade");
        }
        world.clock.advance(Retention.PAUSE);
        assertThat(world.thin()).isOne();
    }

    private static String dueInMinutes() {
        return world.sql.value("select round(extract(epoch from thin_at - '" + world.clock.instant()
                + "') / 60)::int from snapshot_series");
    }

    private Set<Long> versions() {
        return world.series(tenancy.organization()).kinds().keySet();
    }

    private void push(String state) {
        pushData(data(state.getBytes(StandardCharsets.UTF_8)));
    }

    private void pushData(String data) {
        world.push(
                new Wire(tenancy, data, StoreWorld.BEGIN.plusSeconds(world.arrival()), OptionalLong.empty()),
                world.arrival());
    }

    private static String data(int length) {
        byte[] state = new byte[length];
        new Random(length).nextBytes(state);
        return data(state);
    }

    private static String data(byte[] state) {
        return "{\"yjs_state\":{\"" + PROJECT + "\":\"" + Base64.getEncoder().encodeToString(state) + "\"}}";
    }
}
