package dev.ganymede.gateway;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import java.util.List;
import java.util.function.Supplier;

/**
 * The members as they were read last, for as long as the database says that no row has changed: ten thousand of them are looked at every few seconds.
 *
 * <p>What is compared are the rows' versions, which PostgreSQL keeps itself, whoever writes. They are read before the rows: a list may be newer than its versions, and
 * is read once more then, but never older. Thread-safe.
 */
final class MemberList {

    // where each row stands and who wrote it: no commit leaves both as they were
    private static final String VERSIONS =
            """
            select count(*) || ' ' || coalesce(sum(hashtextextended(ctid::text || ' ' || xmin::text, 0)), 0) as versions from gateway
            """;

    private final Pool pool;
    private final Supplier<Uni<List<Gateway>>> reader;
    private volatile Known known = new Known("", List.of());

    MemberList(Pool pool, Supplier<Uni<List<Gateway>>> reader) {
        this.pool = pool;
        this.reader = reader;
    }

    private record Known(String versions, List<Gateway> members) {}

    Uni<List<Gateway>> get() {
        return pool.preparedQuery(VERSIONS)
                .execute()
                .map(rows -> rows.iterator().next().getString("versions"))
                .chain(this::membersOf);
    }

    private Uni<List<Gateway>> membersOf(String versions) {
        Known last = known;
        if (last.versions().equals(versions)) {
            return Uni.createFrom().item(last.members());
        }
        return reader.get().map(List::copyOf).invoke(members -> known = new Known(versions, members));
    }
}
