package dev.ganymede.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ganymede.world.Api;
import dev.ganymede.world.SimulatedGateway;
import dev.ganymede.world.Sql;
import dev.ganymede.world.TestDatabase;
import dev.ganymede.world.World;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Files of data that gateways could not push, as they lie in the log directories: the good ones are taken in, and no other. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class RescueIT {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final String PROJECT = UUID.randomUUID().toString();

    @Inject
    World world;

    @Inject
    DataSource dataSource;

    @ConfigProperty(name = "ganymede.rescue.directory")
    Path logs;

    private Sql sql;
    private String organization;
    private SimulatedGateway gateway;

    @BeforeEach
    void oneIsServed() throws IOException {
        sql = new Sql(dataSource);
        removeAll();
        world.reset();
        organization = Api.organization("Company A");
        gateway = started(organization);
    }

    private void removeAll() throws IOException {
        if (Files.exists(logs)) {
            try (Stream<Path> files = Files.walk(logs)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }

    @Test
    void whatCouldNotBePushedBecomesAVersionThatIsNotTheHead() throws IOException {
        byte[] state = new byte[3_000_000];
        new Random(7).nextBytes(state);
        leave(gateway, name(organization, 1, "1"), body(organization, gateway, state));
        awaitEnding(".imported");
        assertThat(sql.column("select kind || ' ' || generation || ' ' || gateway_id || ' ' || (merged_at is null)"
                        + " from snapshot where organization_id = '" + organization + "'"))
                .containsExactly("RESCUE 1 " + gateway.ids().get("gateway_id") + " true");
        assertThat(sql.value("select head_version is null from snapshot_series where organization_id = '" + organization
                        + "'"))
                .isEqualTo("t");
        assertThat(sql.value("select octet_length(string_agg(c.data, ''::bytea order by c.position)) || ' '"
                        + " || (sha256(string_agg(c.data, ''::bytea order by c.position)) = p.sha256)"
                        + " from snapshot_part p join blob_chunk c using (sha256) where p.organization_id = '"
                        + organization + "' and p.project_id = '" + PROJECT + "' group by p.sha256"))
                .isEqualTo("3000000 true");
    }

    /** As a process leaves it that is killed between the commit and the new name. */
    @Test
    void theSameFileASecondTimeIsNoSecondVersion() throws IOException {
        String content = body(organization, gateway, new byte[] {1});
        leave(gateway, name(organization, 1, "1"), content);
        awaitEnding(".imported");
        removeAll();
        leave(gateway, name(organization, 1, "1"), content);
        awaitEnding(".imported");
        assertThat(versions(organization)).isEqualTo("1");
    }

    @Test
    void theSameFileIsTakenInAgainWhenTheVersionMadeOfItHasLostParts() throws IOException, SQLException {
        String content = body(organization, gateway, new byte[] {1});
        leave(gateway, name(organization, 1, "1"), content);
        awaitEnding(".imported");
        sql.execute("delete from snapshot_part where organization_id = '" + organization + "'");
        removeAll();
        leave(gateway, name(organization, 1, "1"), content);
        awaitEnding(".imported");
        assertThat(versions(organization)).isEqualTo("2");
    }

    @Test
    void dataOfAnEarlierTenancyIsTakenInAfterItsGatewayIsGone() throws IOException {
        SimulatedGateway earlier = gateway;
        gateway.leave();
        world.awaitReady(3);
        SimulatedGateway next = started(organization);
        leave(earlier, name(organization, 1, "1"), body(organization, earlier, new byte[] {1}));
        awaitEnding(".imported");
        assertThat(sql.value("select generation from snapshot where organization_id = '" + organization + "'"))
                .isEqualTo("1");
        assertThat(next.ids()).isNotEqualTo(earlier.ids());
    }

    @Test
    void noGatewayBringsInDataOfAnotherOrganization() throws IOException {
        String victim = Api.organization("Company B");
        SimulatedGateway victims = started(victim);
        // in its own log directory: under the victim's name, as itself
        leave(gateway, name(victim, 1, "1"), body(victim, gateway, new byte[] {1}));
        // as the victim's gateway
        leave(gateway, name(victim, 1, "2"), body(victim, victims, new byte[] {2}));
        // under its own name, with the victim's data inside
        leave(gateway, name(organization, 1, "3"), body(victim, victims, new byte[] {3}));
        // in a generation that there is not
        leave(gateway, name(organization, 99, "4"), body(organization, gateway, new byte[] {4}));
        awaitFiles(".refused", 4);
        assertThat(versions(victim)).isEqualTo("0");
        assertThat(versions(organization)).isEqualTo("0");
    }

    /** The same gateway, in its next life, with another organization: it does not speak for the one before. */
    @Test
    void theNextLifeOfAGatewayDoesNotSpeakForTheOneBefore() throws IOException, SQLException {
        String before = organization;
        SimulatedGateway first = gateway;
        gateway.leave();
        world.awaitReady(3);
        sql.execute("update gateway set cordoned = true where name <> '"
                + first.spec().name() + "'");
        String after = Api.organization("Company B");
        SimulatedGateway second = started(after);
        sql.execute("update gateway set cordoned = false");
        assertThat(second.ids().get("gateway_id")).isEqualTo(first.ids().get("gateway_id"));
        leave(second, name(before, 1, "1"), body(before, second, new byte[] {1}));
        awaitFiles(".refused", 1);
        assertThat(versions(before)).isEqualTo("0");
    }

    @Test
    void nothingIsTakenForAnAllocationOfWhichNoLifeIsKnown() throws Exception {
        sql.execute("update allocation set life = null where organization_id = '" + organization + "'");
        leave(gateway, name(organization, 1, "1"), body(organization, gateway, new byte[] {1}));
        awaitFiles(".refused", 1);
        assertThat(versions(organization)).isEqualTo("0");
    }

    @Test
    void whatIsNotWholeOrNoFileIsPutAside() throws IOException {
        String whole = body(organization, gateway, new byte[] {1, 2, 3});
        leave(gateway, name(organization, 1, "1"), whole.substring(0, whole.length() - 3));
        leave(gateway, name(organization, 1, "2"), "");
        leave(gateway, name(organization, 1, "3"), whole.replace("AQID", "A==="));
        leave(
                gateway,
                name(organization, 1, "4"),
                whole.replace("\"AQID\"", "{\"sha256\":\"" + "0".repeat(64) + "\"}"));
        Path secret = Files.writeString(logs.resolve("secret"), whole);
        Files.createSymbolicLink(directory(gateway).resolve(name(organization, 1, "5")), secret);
        try (RandomAccessFile huge = new RandomAccessFile(
                directory(gateway).resolve(name(organization, 1, "6")).toFile(), "rw")) {
            huge.setLength(1L << 40);
        }
        awaitFiles(".refused", 6);
        assertThat(versions(organization)).isEqualTo("0");
        assertThat(Files.readString(secret)).isEqualTo(whole);
    }

    @Test
    void namesThatNoGatewayGivesAreLeftAlone() throws IOException {
        String whole = body(organization, gateway, new byte[] {1});
        List<String> names = List.of(
                "unsent-x.json",
                name(organization, 1, "1") + ".8.draft",
                name(organization.toUpperCase(Locale.ROOT), 1, "1"),
                "gateway.log");
        for (String name : names) {
            leave(gateway, name, whole);
        }
        Path link =
                logs.resolve(gateway.spec().name()).resolve(UUID.randomUUID().toString());
        Files.createSymbolicLink(link, directory(gateway));
        leave(gateway, name(organization, 1, "9"), whole);
        awaitFiles(".imported", 1);
        for (String name : names) {
            assertThat(directory(gateway).resolve(name)).exists();
        }
    }

    /** The gateway's process began anew after a restore, in the same allocation. */
    @Test
    void itIsOfTheLineageThatTheGatewayHadWhenItWroteIt() throws Exception {
        sql.execute("insert into snapshot_series (organization_id, lineage) values ('" + organization + "', 2)"
                + " on conflict (organization_id) do update set lineage = 2");
        sql.execute("update allocation set lineage = 1 where organization_id = '" + organization + "'");
        for (String lineage : List.of("0", "1", "2")) {
            String content = body(organization, gateway, new byte[] {Byte.parseByte(lineage)});
            leave(
                    gateway,
                    name(organization, 1, lineage),
                    content.replace("{\"generation\":1,", "{\"generation\":1,\"lineage\":" + lineage + ","));
        }
        leave(gateway, name(organization, 1, "3"), body(organization, gateway, new byte[] {3}));
        awaitFiles(".imported", 4);
        assertThat(sql.column(
                        "select lineage from snapshot where organization_id = '" + organization + "' order by lineage"))
                .containsExactly("0", "1", "1", "1");
    }

    /** The deletion of an organization begins with it, and then wants what hangs on it. */
    @Test
    void nobodyIsInTheWayOfADeletionThatHasBegun() throws Exception {
        try (Connection deletion = dataSource.getConnection();
                Statement statement = deletion.createStatement()) {
            deletion.setAutoCommit(false);
            statement.execute("select from organization where id = '" + organization + "' for update");
            leave(gateway, name(organization, 1, "1"), body(organization, gateway, new byte[] {1}));
            await().atMost(PATIENCE)
                    .until(() -> sql.value("select count(*) from pg_stat_activity where datname = current_database()"
                                    + " and wait_event_type = 'Lock' and (query like 'select 1 from organization%'"
                                    + " or query like '%insert into snapshot%')")
                            .equals("1"));
            statement.execute(
                    "select from allocation where organization_id = '" + organization + "' for update nowait");
            deletion.rollback();
        }
        awaitEnding(".imported");
    }

    @Test
    void onlySoManyWaitToBeMerged() throws IOException {
        for (int i = 0; i < 5; i++) {
            leave(gateway, name(organization, 1, String.valueOf(10 + i)), body(organization, gateway, new byte[] {
                (byte) i
            }));
        }
        awaitFiles(".imported", 3);
        awaitFiles(".refused", 2);
        assertThat(versions(organization)).isEqualTo("3");
    }

    private SimulatedGateway started(String organization) {
        Api.start(organization).then().statusCode(200);
        return world.gateways.serving(organization).orElseThrow();
    }

    private String versions(String organization) {
        return sql.value("select count(*) from snapshot where organization_id = '" + organization + "'");
    }

    private Path directory(SimulatedGateway gateway) throws IOException {
        return Files.createDirectories(logs.resolve(gateway.spec().name())
                .resolve(gateway.spec().life().toString()));
    }

    /** In one step, as gateways do. */
    private void leave(SimulatedGateway gateway, String name, String content) throws IOException {
        Path draft = Files.writeString(directory(gateway).resolve(".draft"), content);
        Files.move(draft, directory(gateway).resolve(name));
    }

    private void awaitEnding(String ending) {
        awaitFiles(ending, 1);
    }

    private void awaitFiles(String ending, int count) {
        await(count + " files *" + ending).atMost(PATIENCE).until(() -> count(ending) == count);
    }

    private long count(String ending) throws IOException {
        Path rescue = logs.resolve("rescue");
        long count = count(rescue, ending);
        for (Path gateway : children(rescue.resolve("refused"))) {
            count += count(gateway, ending);
        }
        return count;
    }

    private static long count(Path directory, String ending) throws IOException {
        return children(directory).stream()
                .filter(file -> file.toString().endsWith(ending))
                .count();
    }

    private static List<Path> children(Path directory) throws IOException {
        if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
            return List.of();
        }
        try (Stream<Path> children = Files.list(directory)) {
            return children.toList();
        }
    }

    private static String name(String organization, long generation, String time) {
        return "unsent-" + organization + "-" + generation + "-2025-01-15T10-30-0" + time + "Z.json";
    }

    private static String body(String organization, SimulatedGateway gateway, byte[] state) {
        Map<String, String> ids = gateway.ids();
        return "{\"generation\":1,\"organization_id\":\"" + organization + "\",\"gateway_id\":\""
                + ids.get("gateway_id")
                + "\",\"timestamp\":\"2025-01-15T10:30:00.123Z\",\"data\":{\"yjs_state\":{\"" + PROJECT + "\":\""
                + Base64.getEncoder().encodeToString(state) + "\"},\"gateway_state\":{\"permissions\":{}}}}";
    }
}
