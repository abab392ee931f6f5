package dev.ganymede.snapshot;

import dev.ganymede.id.GatewayId;
import dev.ganymede.id.Generation;
import dev.ganymede.id.OrganizationId;
import dev.ganymede.id.ProjectId;
import dev.ganymede.world.Sql;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Collectors;
import javax.sql.DataSource;

/** Puts versions into the store without a gateway, and damages them. */
@Singleton
public class VersionFixture {

    static final Instant TAKEN_AT = Instant.parse("2025-01-15T10:30:00Z");
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Pool pool;
    private final BlobStore blobs;
    private final VersionWriter versions;
    private final Sql sql;

    VersionFixture(Pool pool, BlobStore blobs, VersionWriter versions, DataSource dataSource) {
        this.pool = pool;
        this.blobs = blobs;
        this.versions = versions;
        this.sql = new Sql(dataSource);
    }

    /** What an organization has: the states of its projects in their order, and the gateway's own state. */
    record Data(Map<ProjectId, byte[]> projects, String gatewayState) {

        static Data of(byte[]... states) {
            Map<ProjectId, byte[]> projects = new LinkedHashMap<>();
            for (byte[] state : states) {
                projects.put(new ProjectId(UUID.randomUUID()), state);
            }
            return new Data(projects, "{\"permissions\": {}}");
        }

        Data with(ProjectId project, byte[] state) {
            Map<ProjectId, byte[]> changed = new LinkedHashMap<>(projects);
            changed.put(project, state);
            return new Data(changed, gatewayState);
        }

        Data without(ProjectId project) {
            Map<ProjectId, byte[]> changed = new LinkedHashMap<>(projects);
            changed.remove(project);
            return new Data(changed, gatewayState);
        }

        ProjectId project(int nth) {
            return List.copyOf(projects.keySet()).get(nth);
        }

        /** Written down in another way than the service does it. */
        String json() {
            String states = projects.entrySet().stream()
                    .map(entry -> "\"" + entry.getKey() + "\":\""
                            + Base64.getEncoder().encodeToString(entry.getValue()) + "\"")
                    .collect(Collectors.joining(","));
            return "{\"yjs_state\":{" + states + "}"
                    + (gatewayState == null ? "" : ",\"gateway_state\":" + gatewayState) + "}";
        }

        Manifest manifest() {
            List<Part> parts = new ArrayList<>();
            projects.forEach((project, state) -> parts.add(Part.ofProject(project, Sha256.hash(state), state.length)));
            if (gatewayState != null) {
                byte[] text = gatewayState.getBytes(StandardCharsets.UTF_8);
                parts.add(Part.ofGatewayState(Sha256.hash(text), text.length));
            }
            return new Manifest(parts);
        }

        List<Blob> blobs() {
            List<Blob> all = new ArrayList<>();
            projects.values().forEach(state -> all.add(Blob.of(state)));
            if (gatewayState != null) {
                all.add(Blob.of(gatewayState.getBytes(StandardCharsets.UTF_8)));
            }
            return all;
        }
    }

    /** Bytes that nothing else has. */
    static byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        new Random().nextBytes(bytes);
        return bytes;
    }

    /** The number of the version. */
    long push(String organization, Data data) {
        long lineage = Long.parseLong(
                sql
                        .column("select lineage from snapshot_series where organization_id = '" + organization + "'")
                        .stream()
                        .findFirst()
                        .orElse("0"));
        NewVersion.Origin upToDate =
                new NewVersion.Origin(new Generation(1), new GatewayId(UUID.randomUUID()), lineage);
        return add(data, NewVersion.pushed(OrganizationId.parse(organization), data.manifest(), upToDate, TAKEN_AT));
    }

    /** What a gateway could not push. */
    long rescue(String organization, Data data) {
        NewVersion.Origin origin = new NewVersion.Origin(new Generation(1), new GatewayId(UUID.randomUUID()), 0);
        return add(data, NewVersion.rescued(OrganizationId.parse(organization), data.manifest(), origin, TAKEN_AT));
    }

    private long add(Data data, NewVersion version) {
        store(data);
        return pool.withTransaction(connection -> versions.add(connection, version))
                .await()
                .atMost(PATIENCE)
                .version();
    }

    /** Writes what is not there or damaged, as every push does. */
    void store(Data data) {
        blobs.write(data.blobs()).await().atMost(PATIENCE);
    }

    /** One byte of it is another one from now on. */
    void damage(byte[] content) {
        String is = " where sha256 = '\\x" + Sha256.hash(content) + "'";
        try {
            sql.execute(
                    "update blob set data = set_byte(data, 0, get_byte(data, 0) # 1)" + is + " and data is not null");
            sql.execute("update blob_chunk set data = set_byte(data, 0, get_byte(data, 0) # 1)" + is
                    + " and position = (select max(position) from blob_chunk" + is + ")");
        } catch (SQLException failure) {
            throw new IllegalStateException(failure);
        }
    }
}
