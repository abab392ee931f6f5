package dev.ganymede.snapshot;

import dev.ganymede.id.GatewayId;
import dev.ganymede.id.Generation;
import dev.ganymede.id.OrganizationId;
import java.time.Instant;
import java.util.Optional;

/**
 * A version that is to be added to its organization's series.
 *
 * @param origin who made it; empty: nobody pushed it
 * @param takenAt by the gateway's clock
 * @param source what it was made from; empty: from nothing
 */
record NewVersion(
        OrganizationId organization,
        VersionKind kind,
        Manifest manifest,
        Optional<Origin> origin,
        Instant takenAt,
        Optional<Source> source) {

    /** The tenancy that it came from; {@code lineage}: the restores that its data includes. */
    record Origin(Generation generation, GatewayId gateway, long lineage) {}

    /** A version, maybe of another organization. */
    record Source(OrganizationId organization, long version) {}

    static NewVersion pushed(OrganizationId organization, Manifest manifest, Origin origin, Instant takenAt) {
        return new NewVersion(organization, VersionKind.PUSH, manifest, Optional.of(origin), takenAt, Optional.empty());
    }

    static NewVersion restored(OrganizationId organization, Manifest manifest, Instant takenAt, long sourceVersion) {
        return new NewVersion(
                organization,
                VersionKind.RESTORE,
                manifest,
                Optional.empty(),
                takenAt,
                Optional.of(new Source(organization, sourceVersion)));
    }

    static NewVersion cloned(OrganizationId organization, Manifest manifest, Instant takenAt, Source source) {
        return new NewVersion(
                organization, VersionKind.CLONE, manifest, Optional.empty(), takenAt, Optional.of(source));
    }

    static NewVersion rescued(OrganizationId organization, Manifest manifest, Origin origin, Instant takenAt) {
        return new NewVersion(
                organization, VersionKind.RESCUE, manifest, Optional.of(origin), takenAt, Optional.empty());
    }
}
