package dev.ganymede.organization;

import dev.ganymede.id.OrganizationId;
import dev.ganymede.id.ProjectId;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Projects that are taken over from another organization, as a part of somebody else's transaction. */
public final class ProjectCopies {

    private static final String NAMES = "select id, name from project where organization_id = $1";
    private static final String COUNT = "select count(*) from project where organization_id = $1";
    private static final String INSERT =
            """
            insert into project (id, organization_id, name, created_at)
            select id, $1, name, $4 from unnest($2::uuid[], $3::text[]) with ordinality as copied (id, name, nth)
            order by nth
            """;

    private ProjectCopies() {}

    /** The projects that the organization has now. */
    public static Uni<Map<ProjectId, String>> names(SqlConnection connection, OrganizationId organization) {
        return connection
                .preparedQuery(NAMES)
                .execute(Tuple.of(organization.value()))
                .map(rows -> {
                    Map<ProjectId, String> names = new HashMap<>();
                    rows.forEach(row -> names.put(new ProjectId(row.getUUID("id")), row.getString("name")));
                    return names;
                });
    }

    /** Creates them, all in the same organization and at the same time; fails when it would have too many. Its row is locked by the caller. */
    public static Uni<Void> insert(SqlConnection connection, OrganizationId organization, List<Project> projects) {
        if (projects.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        OffsetDateTime createdAt = projects.get(0).createdAt().atOffset(ZoneOffset.UTC);
        return connection
                .preparedQuery(COUNT)
                .execute(Tuple.of(organization.value()))
                .invoke(rows -> ProjectRepository.requireRoom(
                        rows.iterator().next().getLong(0) + projects.size() - 1,
                        ProjectRepository.MAX_PER_ORGANIZATION))
                .chain(() -> connection
                        .preparedQuery(INSERT)
                        .execute(Tuple.of(
                                organization.value(),
                                projects.stream()
                                        .map(project -> project.id().value())
                                        .toArray(UUID[]::new),
                                projects.stream().map(Project::name).toArray(String[]::new),
                                createdAt)))
                .replaceWithVoid();
    }
}
