package dev.ganymede.app;

import dev.ganymede.gateway.ProcessMark;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.core.Vertx;
import io.vertx.mutiny.pgclient.PgConnection;
import io.vertx.pgclient.PgConnectOptions;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * A database session that may hold the leader's lock: a connection of its own, since the lock lives and dies with it.
 *
 * <p>PostgreSQL ends a session that says nothing for {@link #SILENCE}, and frees the lock: a leader whose machine vanished, whose network is cut or whose process
 * is stopped holds it no longer than that.
 */
final class LeaderSession {

    /** What PostgreSQL waits for a word of this session. */
    static final Duration SILENCE = Duration.ofSeconds(5);

    /** Where replicas tell the leader that something has changed. */
    static final String CHANNEL = "ganymede_changed";

    /** The lock's key: "GANYMEDE". The database belongs to one environment, so there is one leader for each. */
    static final long LOCK = 0x47414E594D454445L;

    private static final int CONNECT_TIMEOUT_MILLIS = 2_000;
    // a connection that nothing comes through is closed on this side as well
    private static final int DEAD_AFTER_SECONDS = 10;

    private final PgConnection connection;

    private LeaderSession(PgConnection connection) {
        this.connection = connection;
    }

    /** Open, and holding this process' mark; fails while an earlier session of ours still holds it. */
    static Uni<LeaderSession> open(Vertx vertx, PgConnectOptions database, ProcessMark mark) {
        String silenceMillis = Long.toString(SILENCE.toMillis());
        PgConnectOptions options = new PgConnectOptions(database)
                .addProperty("application_name", "ganymede-leader")
                .addProperty("idle_session_timeout", silenceMillis)
                .addProperty("tcp_user_timeout", silenceMillis);
        options.setConnectTimeout(CONNECT_TIMEOUT_MILLIS);
        options.setReconnectAttempts(0);
        options.setIdleTimeout(DEAD_AFTER_SECONDS).setIdleTimeoutUnit(TimeUnit.SECONDS);
        return PgConnection.connect(vertx, options)
                .map(LeaderSession::new)
                .chain(opened ->
                        opened.hold(mark).onFailure().invoke(opened::close).replaceWith(opened));
    }

    private Uni<Void> hold(ProcessMark mark) {
        return connection
                .query("select pg_try_advisory_lock(" + ProcessMark.LOCK_CLASS + ", " + mark.number() + ")")
                .execute()
                .invoke(rows -> {
                    if (!rows.iterator().next().getBoolean(0)) {
                        throw new IllegalStateException("an earlier session of this process has not ended yet");
                    }
                })
                .replaceWithVoid();
    }

    /** Called once, when the connection is gone, whoever closed it. */
    void onClose(Runnable closed) {
        connection.closeHandler(closed);
    }

    /** True when this session has the lock now; another one may have it. Not to be asked again after true. */
    Uni<Boolean> tryLock() {
        return connection
                .query("select pg_try_advisory_lock(" + LOCK + ")")
                .execute()
                .map(rows -> rows.iterator().next().getBoolean(0));
    }

    /** From now on told of changes. */
    Uni<Void> listen(Runnable changed) {
        connection.notificationHandler(notification -> changed.run());
        return connection.query("listen " + CHANNEL).execute().replaceWithVoid();
    }

    /** Fails when the session, and with it the lock, is gone. */
    Uni<Void> check() {
        return connection.query("select 1").execute().replaceWithVoid();
    }

    /** Gives the lock back. */
    void close() {
        connection.close().subscribe().with(closed -> {}, alreadyGone -> {});
    }
}
