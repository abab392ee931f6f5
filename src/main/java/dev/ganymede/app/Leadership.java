package dev.ganymede.app;

import dev.ganymede.gateway.ProcessMark;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * Of all processes on one database, one leads: whoever holds an advisory lock of PostgreSQL (ADR 11).
 *
 * <p>Every second the leader makes sure that it still is, the others try to become it. What the leader believes ends earlier than what PostgreSQL allows: {@link
 * #leads()} is true for {@link #BELIEF} after the last proof was asked for, the lock is kept for {@link LeaderSession#SILENCE} after it was given. So two never
 * lead at the same time, however slow one is; what one had begun before, the rows' own guards hold apart.
 */
@ApplicationScoped
class Leadership {

    private static final Logger LOG = Logger.getLogger(Leadership.class);
    private static final Duration INTERVAL = Duration.ofSeconds(1);
    private static final Duration TIMEOUT = Duration.ofSeconds(2);
    private static final Duration BELIEF = Duration.ofSeconds(4);

    private final Vertx vertx;
    private final DatabaseAddress database;
    private final ProcessMark mark;
    private Duties duties;
    private LeaderSession session;
    private boolean resigned;
    private volatile boolean elected;
    private volatile long believedUntilNanos;

    Leadership(Vertx vertx, DatabaseAddress database, ProcessMark mark) {
        this.vertx = vertx;
        this.database = database;
        this.mark = mark;
    }

    /** True while this process leads. */
    boolean leads() {
        return elected && System.nanoTime() - believedUntilNanos < 0;
    }

    /** Tries from now on, until it resigns. */
    void campaign(Duties candidate) {
        duties = candidate;
        next();
    }

    /** For good: another process may lead at once. */
    synchronized void resign() {
        resigned = true;
        if (session != null) {
            drop(session, "it ends");
        }
    }

    private void next() {
        long askedAtNanos = System.nanoTime();
        sessionWithLock()
                .ifNoItem()
                .after(TIMEOUT)
                .fail()
                .subscribe()
                .with(
                        holder -> {
                            holder.ifPresent(winner -> proven(winner, askedAtNanos));
                            nextAfterInterval();
                        },
                        failure -> {
                            failed(failure);
                            nextAfterInterval();
                        });
    }

    private synchronized void nextAfterInterval() {
        if (!resigned) {
            vertx.setTimer(INTERVAL.toMillis(), timer -> next());
        }
    }

    /** Ours, when it has the lock, newly or still. */
    private synchronized Uni<Optional<LeaderSession>> sessionWithLock() {
        if (session == null) {
            return LeaderSession.open(vertx, database.options(), mark)
                    .chain(opened ->
                            adopt(opened) ? lock(opened) : Uni.createFrom().item(Optional.empty()));
        }
        LeaderSession current = session;
        return elected ? current.check().replaceWith(Optional.of(current)) : lock(current);
    }

    private synchronized boolean adopt(LeaderSession opened) {
        if (resigned) {
            opened.close();
            return false;
        }
        session = opened;
        opened.onClose(() -> drop(opened, "its connection was closed"));
        return true;
    }

    private Uni<Optional<LeaderSession>> lock(LeaderSession candidate) {
        return candidate
                .tryLock()
                .chain(locked -> locked
                        ? candidate.listen(duties::signalled).replaceWith(Optional.of(candidate))
                        : Uni.createFrom().item(Optional.empty()));
    }

    private synchronized void proven(LeaderSession winner, long askedAtNanos) {
        if (session != winner) {
            return;
        }
        believedUntilNanos = askedAtNanos + BELIEF.toNanos();
        if (!elected) {
            elected = true;
            LOG.info("this process leads");
            duties.begin();
        }
    }

    private synchronized void failed(Throwable failure) {
        if (session == null) {
            LOG.debugf("no session to lead with: %s", failure);
        } else {
            drop(session, failure.toString());
        }
    }

    private synchronized void drop(LeaderSession lost, String reason) {
        if (session != lost) {
            return;
        }
        session = null;
        if (elected) {
            elected = false;
            LOG.warnf("this process leads no more: %s", reason);
            duties.end();
        }
        lost.close();
    }
}
