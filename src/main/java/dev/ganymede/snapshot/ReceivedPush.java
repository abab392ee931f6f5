package dev.ganymede.snapshot;

import dev.ganymede.id.GatewayId;
import dev.ganymede.id.OrganizationId;
import dev.ganymede.id.ProjectId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The body of a push (seed 004 "POST /gateway/data/push"), read to its end and found valid; the content has gone elsewhere.
 *
 * @param takenAt by the gateway's clock
 * @param sequence the gateway's own count; empty: it does not count
 * @param recovered versions of kind RESCUE that it includes
 * @param lineage in a rescued file: the restores that its data includes; empty: it does not say
 * @param parts as they were sent, the {@code gateway_state} last
 */
record ReceivedPush(
        OrganizationId organization,
        GatewayId gateway,
        Instant takenAt,
        OptionalLong sequence,
        List<Long> recovered,
        OptionalLong lineage,
        List<ReceivedPart> parts) {

    /**
     * @param project empty: the {@code gateway_state}
     * @param sizeBytes empty: it was not sent, only referred to
     */
    record ReceivedPart(Optional<ProjectId> project, Sha256 sha256, OptionalLong sizeBytes) {

        String field() {
            return project.map(id -> "data.yjs_state." + id).orElse("data.gateway_state");
        }
    }

    /** What was referred to. */
    List<Sha256> references() {
        return parts.stream()
                .filter(part -> part.sizeBytes().isEmpty())
                .map(ReceivedPart::sha256)
                .distinct()
                .toList();
    }
}
