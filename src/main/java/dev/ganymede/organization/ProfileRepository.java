package dev.ganymede.organization;

import dev.ganymede.id.OrganizationId;
import dev.ganymede.id.ProjectId;
import dev.ganymede.id.UserId;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;

/** Profiles in PostgreSQL: every start reads one, so it is one statement instead of three entities' queries. */
@ApplicationScoped
public class ProfileRepository {

    private static final String READ =
            """
            select name,
                (select coalesce(json_agg(json_build_object('id', p.id, 'name', p.name, 'active', p.active)
                    order by p.created_at, p.id), '[]') from project p where p.organization_id = o.id) as projects,
                (select coalesce(json_agg(json_build_object('id', m.user_id, 'name', m.name, 'role', m.role)
                    order by m.created_at, m.user_id), '[]') from member m where m.organization_id = o.id) as members
            from organization o where id = $1
            """;

    private final Pool pool;

    ProfileRepository(Pool pool) {
        this.pool = pool;
    }

    /** Absent is a problem. */
    public Uni<Profile> get(OrganizationId organization) {
        return pool.preparedQuery(READ).execute(Tuple.of(organization.value())).map(rows -> {
            if (rows.size() == 0) {
                throw OrganizationRepository.notFound();
            }
            return profile(rows.iterator().next());
        });
    }

    private static Profile profile(Row row) {
        return new Profile(
                row.getString("name"),
                each(row, "projects", ProfileRepository::room),
                each(row, "members", ProfileRepository::person));
    }

    private static <T> List<T> each(Row row, String column, Function<JsonObject, T> read) {
        return ((JsonArray) row.getValue(column))
                .stream().map(JsonObject.class::cast).map(read).toList();
    }

    private static Profile.Room room(JsonObject json) {
        return new Profile.Room(
                new ProjectId(UUID.fromString(json.getString("id"))),
                json.getString("name"),
                json.getBoolean("active"));
    }

    private static Profile.Person person(JsonObject json) {
        return new Profile.Person(
                new UserId(UUID.fromString(json.getString("id"))),
                json.getString("name"),
                Member.Role.valueOf(json.getString("role")));
    }
}
