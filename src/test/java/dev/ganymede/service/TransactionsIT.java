package dev.ganymede.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganymede.world.Api;
import dev.ganymede.world.Sql;
import dev.ganymede.world.TestDatabase;
import dev.ganymede.world.World;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class TransactionsIT {

    private static final Set<String> OF_A_START_OR_STOP = Set.of(
            "DnsZone.publish",
            "EdgeRoutes.publish",
            "EdgeProbe.probe",
            "DnsZone.withdraw",
            "EdgeRoutes.withdraw",
            "ContainerRuntime.stop",
            "ContainerRuntime.create",
            "/collab/start");

    @Inject
    World world;

    @Inject
    DataSource dataSource;

    @Test
    void nothingOutsideIsCalledWhileATransactionIsOpen() {
        world.reset();
        Sql sql = new Sql(dataSource);
        Queue<String> calls = new ConcurrentLinkedQueue<>();
        Queue<String> open = new ConcurrentLinkedQueue<>();
        world.watch(call -> {
            calls.add(call);
            if (!OF_A_START_OR_STOP.contains(call)) {
                // of a loop, which may be looking while somebody else's transaction is open
                return;
            }
            List<String> transactions = sql.column("select query from pg_stat_activity"
                    + " where datname = current_database() and state like 'idle in transaction%'");
            transactions.forEach(query -> open.add(call + " while open: " + query));
        });
        try {
            String organization = Api.organization("Company A");
            Api.start(organization).then().statusCode(200);
            Api.stop(organization).then().statusCode(200);
            world.awaitReady(3);
        } finally {
            world.watch(call -> {});
        }
        assertThat(calls).containsAll(OF_A_START_OR_STOP);
        assertThat(open).isEmpty();
    }
}
