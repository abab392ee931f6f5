package dev.ganymede.snapshot;

import dev.ganymede.id.OrganizationId;
import dev.ganymede.problem.Problem;
import dev.ganymede.problem.ProblemType;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;

/**
 * What must stay while a version is made from another one. Everybody locks in this order: organization, allocation, series; and the deletion of an organization begins
 * with it.
 */
final class VersionLocks {

    // a deletion waits; nobody else does
    private static final String ORGANIZATION_STAYS = "select 1 from organization where id = $1 for key share";
    // a start waits as well
    private static final String ORGANIZATION_IS_OURS = "select 1 from organization where id = $1 for no key update";
    private static final String LIVE = "select 1 from allocation where organization_id = $1 and state <> 'ENDED'";
    // what refers to its blobs stays until the new version does
    private static final String VERSION_STAYS =
            "select 1 from snapshot where organization_id = $1 and version = $2 for key share";

    private VersionLocks() {}

    static Uni<Void> keepOrganization(SqlConnection connection, OrganizationId organization) {
        return require(
                connection,
                ORGANIZATION_STAYS,
                Tuple.of(organization.value()),
                Problem.of(ProblemType.ORGANIZATION_NOT_FOUND, null));
    }

    /** Nobody begins to serve it until the end of the transaction; who serves it already is seen by then. */
    static Uni<Void> keepFromStarting(SqlConnection connection, OrganizationId organization) {
        return require(
                connection,
                ORGANIZATION_IS_OURS,
                Tuple.of(organization.value()),
                Problem.of(ProblemType.ORGANIZATION_NOT_FOUND, null));
    }

    /** Like {@link #keepFromStarting}, and nobody serves it. */
    static Uni<Void> keepIdle(SqlConnection connection, OrganizationId organization) {
        return keepFromStarting(connection, organization)
                .chain(() -> connection.preparedQuery(LIVE).execute(Tuple.of(organization.value())))
                .invoke(live -> {
                    if (live.size() > 0) {
                        throw Problem.of(ProblemType.ORGANIZATION_LIVE, null);
                    }
                })
                .replaceWithVoid();
    }

    /** The retention may have removed it since it was read. */
    static Uni<Void> keepVersion(SqlConnection connection, Version version) {
        return require(
                connection,
                VERSION_STAYS,
                Tuple.of(version.organization().value(), version.number()),
                Manifests.notFound());
    }

    private static Uni<Void> require(SqlConnection connection, String query, Tuple key, Problem absent) {
        return connection
                .preparedQuery(query)
                .execute(key)
                .invoke(found -> {
                    if (found.size() == 0) {
                        throw absent;
                    }
                })
                .replaceWithVoid();
    }
}
