package dev.ganymede.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What an earlier Ganymede has stored is there after the upgrade. */
class MigrationIT {

    private static final String A = "aaaaaaaa-0000-4000-8000-000000000001";
    private static final String B = "bbbbbbbb-0000-4000-8000-000000000002";

    private EmbeddedPostgres postgres;

    @BeforeEach
    void theVersionBefore() throws Exception {
        postgres = EmbeddedPostgres.start();
        migrate("3");
    }

    @AfterEach
    void end() throws Exception {
        postgres.close();
    }

    @Test
    void everyOrganizationKeepsItsData() throws Exception {
        byte[] large = new byte[3_000_001];
        new Random(1).nextBytes(large);
        String base64 = Base64.getEncoder().encodeToString(large);
        List<String> stored = List.of(
                "{\"yjs_state\":{\"" + B + "\":\"AAECAw==\",\"" + A
                        + "\":\"AAECAw==\"},\"gateway_state\":{\"n\":1.50}}",
                "{\"yjs_state\":{},\"gateway_state\":{ \"z\" : [1,  2e400], \"a\":\"\\u00e4🪐\\\"\", \"nul\":\"\\u0000 \\\\u0000 \\\\\\\" \\ud800\" }}",
                "{\"yjs_state\":{\"" + A + "\":\"\"}}",
                "{\"yjs_state\":{\"" + A + "\":\"" + base64 + "\"},\"gateway_state\":{}}",
                "{\"yjs_state\":{}}");
        List<UUID> organizations = new ArrayList<>();
        for (String data : stored) {
            organizations.add(store(data));
        }
        migrate("4");
        for (int i = 0; i < stored.size(); i++) {
            assertThat(data(organizations.get(i)).equals(stored.get(i)))
                    .as("organization %d", i)
                    .isTrue();
            assertThat(number("select size_bytes from snapshot where organization_id = '" + organizations.get(i) + "'"))
                    .isEqualTo(stored.get(i).getBytes(StandardCharsets.UTF_8).length);
        }
        assertThat(number("select count(*) from pg_tables where tablename = 'snapshot_v2'"))
                .isZero();
        assertThat(number("select count(*) from snapshot where confirmed_generation = 3 and confirmed_from = taken_at"
                        + " and confirmed_at = taken_at"))
                .as("what is pushed again is known")
                .isEqualTo(stored.size());
        // one content, two projects
        assertThat(number("select count(*) from blob where sha256 = sha256('\\x00010203')"))
                .isOne();
        Manifest manifest = new Manifest(List.of(
                Part.ofProject(dev.ganymede.id.ProjectId.parse(A), Sha256.hash(large), large.length),
                Part.ofGatewayState(Sha256.hash("{}".getBytes(StandardCharsets.UTF_8)), 2)));
        assertThat(number("select count(*) from snapshot where organization_id = '" + organizations.get(3)
                        + "' and digest = '\\x" + manifest.digest().hex() + "'"))
                .isOne();
    }

    @Test
    void whatCanNotBeTakenApartStaysAndKeepsNobodyElse() throws Exception {
        List<UUID> odd = new ArrayList<>();
        for (String data : List.of(
                "{\"yjs_state\":{\"p\":\"AAAA\"}}",
                "{\"yjs_state\":{\"" + A + "\":\"no base64!\"}}",
                "{\"yjs_state\":{\"" + A + "\":null}}",
                "{\"yjs_state\":[]}",
                "{\"more\":1}")) {
            odd.add(store(data));
        }
        UUID fine = store("{\"yjs_state\":{\"" + A + "\":\"AAAA\"}}");
        migrate("4");
        assertThat(number("select count(*) from snapshot_v2")).isEqualTo(odd.size());
        assertThat(number("select count(*) from snapshot")).isOne();
        assertThat(number("select count(*) from snapshot_series where organization_id = '" + fine + "'"))
                .isOne();
    }

    private UUID store(String data) throws SQLException {
        UUID organization = UUID.randomUUID();
        try (Connection connection = postgres.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement();
                PreparedStatement insert = connection.prepareStatement("insert into snapshot values (?, 3,"
                        + " gen_random_uuid(), '2025-01-15T10:30:00Z', '2025-01-15T10:30:01Z', ?, ?)")) {
            statement.execute("insert into organization values ('" + organization + "', 'A', 3, now())");
            byte[] bytes = data.getBytes(StandardCharsets.UTF_8);
            insert.setObject(1, organization);
            insert.setLong(2, bytes.length);
            insert.setBytes(3, bytes);
            insert.execute();
        }
        return organization;
    }

    /** The JSON that the parts stand for. */
    private String data(UUID organization) throws SQLException {
        StringBuilder projects = new StringBuilder();
        String state = "";
        try (Connection connection = postgres.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("select p.project_id, coalesce(b.data, (select"
                        + " string_agg(c.data, '' order by c.position) from blob_chunk c where c.sha256 = b.sha256))"
                        + " from snapshot_series h join snapshot_part p on p.organization_id = h.organization_id"
                        + " and p.version = h.head_version join blob b on b.sha256 = p.sha256"
                        + " where h.organization_id = '" + organization + "' order by p.position")) {
            while (rows.next()) {
                byte[] content = rows.getBytes(2);
                if (rows.getString(1) == null) {
                    state = ",\"gateway_state\":" + new String(content, StandardCharsets.UTF_8);
                } else {
                    projects.append(projects.isEmpty() ? "" : ",")
                            .append('"')
                            .append(rows.getString(1))
                            .append("\":\"")
                            .append(Base64.getEncoder().encodeToString(content))
                            .append('"');
                }
            }
        }
        return "{\"yjs_state\":{" + projects + "}" + state + "}";
    }

    private long number(String query) throws SQLException {
        try (Connection connection = postgres.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            rows.next();
            return rows.getLong(1);
        }
    }

    private void migrate(String version) {
        Flyway.configure()
                .dataSource(postgres.getPostgresDatabase())
                .target(version)
                .load()
                .migrate();
    }
}
