package dev.ganymede.certificate;

import dev.ganymede.certificate.Budget.Issuance;
import dev.ganymede.certificate.CertificateEntry.Validity;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URI;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** The queue of an authority's certificates, and what was asked of it. Every change names the certificate; of two processes at one certificate, one has the lease. */
@ApplicationScoped
class CertificateRepository {

    private static final String ENLIST =
            """
            insert into certificate (authority, subject, seen_at, wanted_at, attempt_at)
            select $1, subject, $3, $3, $3 from unnest($2::text[]) subject
            on conflict (authority, subject) do update set seen_at = $3
            """;

    private final Pool pool;

    CertificateRepository(Pool pool) {
        this.pool = pool;
    }

    Uni<List<CertificateEntry>> all(String authority) {
        return pool.preparedQuery("select * from certificate where authority = $1 order by subject")
                .execute(Tuple.of(authority))
                .map(rows -> rows.stream().map(CertificateRepository::entry).toList());
    }

    /** They are in use now; who is new enters the queue. */
    Uni<Void> enlist(String authority, Collection<String> subjects, Instant now) {
        return pool.preparedQuery(ENLIST)
                .execute(Tuple.of(authority, subjects.toArray(String[]::new), timestamp(now)))
                .replaceWithVoid();
    }

    Uni<List<Issuance>> issuancesSince(String authority, Instant since) {
        return pool.preparedQuery("select at, renewal from certificate_issuance where authority = $1 and at > $2")
                .execute(Tuple.of(authority, timestamp(since)))
                .map(rows -> rows.stream()
                        .map(row -> new Issuance(instant(row, "at"), row.getBoolean("renewal")))
                        .toList());
    }

    /** True when nobody else is at it until then. */
    Uni<Boolean> lease(String authority, CertificateEntry entry, Instant until) {
        return pool.preparedQuery(
                        """
                        update certificate set attempt_at = $4
                        where authority = $1 and subject = $2 and attempt_at = $3
                        """)
                .execute(Tuple.of(authority, entry.subject(), timestamp(entry.attemptAt()), timestamp(until)))
                .map(rows -> rows.rowCount() == 1);
    }

    Uni<Void> ordered(String authority, String subject, URI order) {
        return update(
                "update certificate set order_url = $3 where authority = $1 and subject = $2",
                Tuple.of(authority, subject, order.toString()));
    }

    /** From now on it counts, whatever becomes of it. */
    Uni<Void> count(String authority, CertificateEntry entry, Instant now) {
        return pool.withTransaction(connection -> connection
                .preparedQuery("update certificate set counted = true where authority = $1 and subject = $2"
                        + " and not counted")
                .execute(Tuple.of(authority, entry.subject()))
                .chain(rows -> rows.rowCount() == 0
                        ? Uni.createFrom().voidItem()
                        : connection
                                .preparedQuery("insert into certificate_issuance (authority, subject, renewal, at)"
                                        + " values ($1, $2, $3, $4)")
                                .execute(Tuple.of(authority, entry.subject(), entry.isRenewal(), timestamp(now)))
                                .replaceWithVoid()));
    }

    Uni<Void> issued(String authority, String subject, Validity validity, Instant renewAt) {
        return update(
                """
                update certificate set order_url = null, counted = false, attempts = 0, problem = null,
                    issued_at = $3, expires_at = $4, attempt_at = $5, wanted_at = $5
                where authority = $1 and subject = $2
                """,
                Tuple.of(
                        authority,
                        subject,
                        timestamp(validity.issuedAt()),
                        timestamp(validity.expiresAt()),
                        timestamp(renewAt)));
    }

    /** It keeps its place. */
    Uni<Void> failed(String authority, String subject, String problem, Instant retryAt) {
        return update(
                """
                update certificate set attempts = attempts + 1, problem = $3, attempt_at = $4
                where authority = $1 and subject = $2
                """,
                Tuple.of(authority, subject, problem, timestamp(retryAt)));
    }

    /** The next attempt begins with another order. */
    Uni<Void> dropOrder(String authority, String subject) {
        return update(
                "update certificate set order_url = null, counted = false where authority = $1 and subject = $2",
                Tuple.of(authority, subject));
    }

    /** Answers who was removed. */
    Uni<List<String>> removeUnseenSince(String authority, Instant then) {
        return pool.preparedQuery("delete from certificate where authority = $1 and seen_at < $2 returning subject")
                .execute(Tuple.of(authority, timestamp(then)))
                .map(rows -> rows.stream().map(row -> row.getString("subject")).toList());
    }

    Uni<Void> remove(String authority, String subject) {
        return update("delete from certificate where authority = $1 and subject = $2", Tuple.of(authority, subject));
    }

    Uni<Void> forgetIssuancesBefore(String authority, Instant then) {
        return update(
                "delete from certificate_issuance where authority = $1 and at < $2",
                Tuple.of(authority, timestamp(then)));
    }

    private Uni<Void> update(String statement, Tuple values) {
        return pool.preparedQuery(statement).execute(values).replaceWithVoid();
    }

    private static CertificateEntry entry(Row row) {
        Optional<Validity> validity = row.getValue("expires_at") == null
                ? Optional.empty()
                : Optional.of(new Validity(instant(row, "issued_at"), instant(row, "expires_at")));
        return new CertificateEntry(
                row.getString("subject"),
                instant(row, "seen_at"),
                instant(row, "wanted_at"),
                instant(row, "attempt_at"),
                row.getInteger("attempts"),
                Optional.ofNullable(row.getString("problem")),
                Optional.ofNullable(row.getString("order_url")).map(URI::create),
                row.getBoolean("counted"),
                validity);
    }

    private static OffsetDateTime timestamp(Instant instant) {
        return instant.truncatedTo(ChronoUnit.MICROS).atOffset(ZoneOffset.UTC);
    }

    private static Instant instant(Row row, String column) {
        return row.getOffsetDateTime(column).toInstant();
    }
}
