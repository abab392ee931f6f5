package dev.ganymede.snapshot;

import dev.ganymede.id.GatewayId;
import dev.ganymede.id.OrganizationId;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;

/**
 * A push whose blobs are all in the store: what is left is to make it a version.
 *
 * @param takenAt by the gateway's clock
 * @param sequence the gateway's own count; empty: it does not count
 * @param recovered versions of kind RESCUE that it includes
 * @param arrival its place in the order of arrival at all processes
 */
record Push(
        OrganizationId organization,
        GatewayId gateway,
        Instant takenAt,
        OptionalLong sequence,
        List<Long> recovered,
        Manifest manifest,
        long arrival) {}
