package dev.ganymede.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ganymede.id.OrganizationId;
import dev.ganymede.secret.Secret;
import dev.ganymede.world.Sql;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.core.Vertx;
import io.vertx.mutiny.pgclient.PgBuilder;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.PoolOptions;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Two processes' repositories on one database: allocation stays correct with both (invariant 1). */
class TwoReplicasAllocateIT {

    private static final int CALLERS = 50;
    private static final int ORGANIZATIONS = 5;
    private static final int GATEWAYS = 10;
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private static EmbeddedPostgres postgres;
    private static Vertx vertx;
    private static Sql sql;
    private static final List<AllocationRepository> REPLICAS = new ArrayList<>();

    @BeforeAll
    static void run() throws Exception {
        postgres = EmbeddedPostgres.builder().start();
        Flyway.configure().dataSource(postgres.getPostgresDatabase()).load().migrate();
        sql = new Sql(postgres.getPostgresDatabase());
        vertx = Vertx.vertx();
        for (int replica = 0; replica < 2; replica++) {
            REPLICAS.add(new AllocationRepository(pool(), Clock.systemUTC(), new ProcessMark()));
        }
        for (int slot = 0; slot < GATEWAYS; slot++) {
            sql.execute("insert into gateway (id, node, slot, name, http_port, vpn_port, state, state_since, life,"
                    + " boot_token_hash, host) values (gen_random_uuid(), 'local', " + slot + ", 'gw-pool-" + slot
                    + "', " + (7100 + slot) + ", " + (49100 + slot) + ", 'READY', now(), gen_random_uuid(), sha256('"
                    + slot + "'), '127.0.0.1')");
        }
    }

    private static Pool pool() {
        return PgBuilder.pool()
                .with(new PoolOptions().setMaxSize(20))
                .connectingTo(PgConnectOptions.fromUri(
                        "postgresql://postgres:postgres@127.0.0.1:" + postgres.getPort() + "/postgres"))
                .using(vertx)
                .build();
    }

    @AfterAll
    static void end() throws Exception {
        vertx.closeAndAwait();
        postgres.close();
    }

    @Test
    void callersOfBothMeetInOneAllocationOfEachOrganization() throws Exception {
        List<OrganizationId> organizations = new ArrayList<>();
        for (int i = 0; i < ORGANIZATIONS; i++) {
            UUID id = UUID.randomUUID();
            sql.execute("insert into organization (id, name, generation, created_at) values ('" + id
                    + "', 'Company', 0, now())");
            organizations.add(new OrganizationId(id));
        }
        List<Uni<AllocateResult>> callers = new ArrayList<>();
        for (int caller = 0; caller < CALLERS; caller++) {
            callers.add(REPLICAS.get(caller % 2)
                    .allocate(
                            organizations.get(caller / 2 % ORGANIZATIONS),
                            Secret.random().hash(),
                            Clock.systemUTC().instant().plusSeconds(60))
                    .onFailure(AllocationRepository::isConflict)
                    .retry()
                    .atMost(3));
        }
        List<AllocateResult> results =
                Uni.join().all(callers).andFailFast().await().atMost(Duration.ofSeconds(60));
        assertThat(results).filteredOn(AllocateResult.Taken.class::isInstance).hasSize(ORGANIZATIONS);
        assertThat(results).filteredOn(AllocateResult.Joined.class::isInstance).hasSize(CALLERS - ORGANIZATIONS);
        assertThat(sql.column("select organization_id from allocation where state <> 'ENDED'"))
                .hasSize(ORGANIZATIONS)
                .doesNotHaveDuplicates();
        assertThat(sql.column("select gateway_id from allocation where state <> 'ENDED'"))
                .doesNotHaveDuplicates();
        assertThat(sql.value("select count(*) from gateway where state = 'ALLOCATED'"))
                .isEqualTo(Integer.toString(ORGANIZATIONS));
        sql.execute("update allocation set started_at = started_at - interval '1 minute'");
        assertThat(REPLICAS.get(0).endAbandonedHandshakes().await().atMost(PATIENCE))
                .as("nobody holds these replicas' marks")
                .hasSize(ORGANIZATIONS);
        assertThat(sql.value("select sum(failures) from gateway"))
                .as("nothing speaks against their gateways")
                .isEqualTo("0");
    }

    @Test
    void handshakesOfAProcessThatIsGoneEndBeforeTheirDeadline() throws Exception {
        ProcessMark mark = new ProcessMark();
        AllocationRepository starter = new AllocationRepository(pool(), Clock.systemUTC(), mark);
        UUID organization = UUID.randomUUID();
        sql.execute("insert into organization (id, name, generation, created_at) values ('" + organization
                + "', 'Company', 0, now())");
        try (Connection session = postgres.getPostgresDatabase().getConnection();
                Statement statement = session.createStatement()) {
            statement.execute("select pg_try_advisory_lock(" + ProcessMark.LOCK_CLASS + ", " + mark.number() + ")");
            AllocateResult.Taken taken = (AllocateResult.Taken) starter.allocate(
                            new OrganizationId(organization),
                            Secret.random().hash(),
                            Clock.systemUTC().instant().plusSeconds(3600))
                    .await()
                    .atMost(PATIENCE);
            sql.execute("update allocation set started_at = started_at - interval '1 minute' where id = '"
                    + taken.allocation().id() + "'");
            assertThat(REPLICAS.get(0).endAbandonedHandshakes().await().atMost(PATIENCE))
                    .as("its starter lives")
                    .extracting(Allocation::id)
                    .doesNotContain(taken.allocation().id());
        }
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(
                        REPLICAS.get(0).endAbandonedHandshakes().await().atMost(PATIENCE))
                .extracting(Allocation::organization)
                .containsExactly(new OrganizationId(organization)));
    }
}
