package dev.ganymede.app;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
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
    private Duties duties;
    private LeaderSession session;
    private boolean resigned;
    private volatile boolean elected;
    private volatile long believedUntilNanos;

    Leadership(Vertx vertx, DatabaseAddress database) {
        this.vertx = vertx;
        this.database = database;
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
        step(askedAtNanos)
                .ifNoItem()
                .after(TIMEOUT)
                .fail()
                .onFailure()
                .invoke(this::failed)
                .onTermination()
                .invoke(() -> vertx.setTimer(INTERVAL.toMillis(), timer -> nextUnlessResigned()))
                .subscribe()
                .with(done -> {}, told -> {});
    }

    private void nextUnlessResigned() {
        boolean on;
        synchronized (this) {
            on = !resigned;
        }
        if (on) {
            next();
        }
    }

    private synchronized Uni<Void> step(long askedAtNanos) {
        if (session == null) {
            return LeaderSession.open(vertx, database.options())
                    .chain(opened -> adopt(opened)
                            ? tryToLead(opened, askedAtNanos)
                            : Uni.createFrom().voidItem());
        }
        LeaderSession current = session;
        return elected
                ? current.check().invoke(() -> believedUntilNanos = askedAtNanos + BELIEF.toNanos())
                : tryToLead(current, askedAtNanos);
    }

    private synchronized boolean adopt(LeaderSession opened) {
        if (resigned || session != null) {
            opened.close();
            return false;
        }
        session = opened;
        opened.onClose(() -> drop(opened, "its connection was closed"));
        return true;
    }

    private Uni<Void> tryToLead(LeaderSession candidate, long askedAtNanos) {
        return candidate
                .tryLock()
                .chain(locked -> locked
                        ? candidate.listen(duties::signalled).invoke(() -> lead(candidate, askedAtNanos))
                        : Uni.createFrom().voidItem());
    }

    private synchronized void lead(LeaderSession winner, long askedAtNanos) {
        if (session == winner) {
            believedUntilNanos = askedAtNanos + BELIEF.toNanos();
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
