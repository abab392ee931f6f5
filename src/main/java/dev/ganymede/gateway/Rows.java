package dev.ganymede.gateway;

import dev.ganymede.id.AllocationId;
import dev.ganymede.id.Endpoint;
import dev.ganymede.id.GatewayId;
import dev.ganymede.id.Generation;
import dev.ganymede.id.LifeId;
import dev.ganymede.id.OrganizationId;
import io.vertx.mutiny.sqlclient.Row;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/** Between rows and records. */
final class Rows {

    private Rows() {}

    /** The clock's time as PostgreSQL can keep it. */
    static OffsetDateTime now(Clock clock) {
        return timestamp(clock.instant());
    }

    static OffsetDateTime timestamp(Instant instant) {
        return instant.truncatedTo(ChronoUnit.MICROS).atOffset(ZoneOffset.UTC);
    }

    static Gateway gateway(Row row) {
        return new Gateway(
                new GatewayId(row.getUUID("id")),
                row.getString("node"),
                new PoolMember(
                        row.getInteger("slot"),
                        row.getString("name"),
                        row.getInteger("http_port"),
                        row.getInteger("vpn_port")),
                GatewayState.of(GatewayState.Name.valueOf(row.getString("state")), instant(row, "state_since")),
                new LifeId(row.getUUID("life")),
                Optional.ofNullable(row.getString("container_id")),
                Optional.ofNullable(row.getString("host")),
                Optional.ofNullable(row.getString("reason")),
                new Orders(row.getBoolean("cordoned"), row.getBoolean("recycle")),
                new Setbacks(row.getInteger("failures"), Optional.ofNullable(instant(row, "not_before"))),
                Optional.ofNullable(row.getString("image")));
    }

    /** Needs the columns of {@link AllocationRepository#COLUMNS}. */
    static Allocation allocation(Row row) {
        return new Allocation(
                new AllocationId(row.getUUID("id")),
                new OrganizationId(row.getUUID("organization_id")),
                new GatewayId(row.getUUID("gateway_id")),
                new Generation(row.getLong("generation")),
                allocationState(row),
                Optional.ofNullable(row.getString("host"))
                        .map(host -> new Endpoint(host, row.getInteger("http_port"))));
    }

    /** Needs the columns of {@link AllocationRepository#COLUMNS}, null where there is none, and queued. */
    static Standing standing(Row row) {
        Optional<Allocation> live = row.getUUID("id") == null ? Optional.empty() : Optional.of(allocation(row));
        return new Standing(live, row.getBoolean("queued"));
    }

    /** Needs the columns organization_id, generation and allocation_state; null where nobody is served. */
    static Optional<Tenancy> tenancy(Row row) {
        return Optional.ofNullable(row.getUUID("organization_id"))
                .map(organization -> new Tenancy(
                        new OrganizationId(organization),
                        new Generation(row.getLong("generation")),
                        AllocationState.Name.valueOf(row.getString("allocation_state"))));
    }

    static Instant instant(Row row, String column) {
        OffsetDateTime value = row.getOffsetDateTime(column);
        return value == null ? null : value.toInstant();
    }

    private static AllocationState allocationState(Row row) {
        return switch (AllocationState.Name.valueOf(row.getString("state"))) {
            case HANDSHAKING -> new AllocationState.Handshaking(instant(row, "handshake_expires_at"));
            case SERVING -> new AllocationState.Serving(instant(row, "serving_at"));
            case ENDED ->
                new AllocationState.Ended(instant(row, "ended_at"), EndReason.valueOf(row.getString("ended_reason")));
        };
    }
}
