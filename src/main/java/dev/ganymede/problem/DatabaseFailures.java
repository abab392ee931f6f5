package dev.ganymede.problem;

import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.ClosedConnectionException;
import java.io.IOException;
import java.util.concurrent.TimeoutException;

/** Tells a database that is away, or can't keep up, from one that refuses. */
final class DatabaseFailures {

    // the pool's own words when no connection came in time; the exception has no type of its own
    private static final String POOL_TIMEOUT = "Timeout";
    // query_canceled: only a statement's timeout does that
    private static final String STATEMENT_TIMEOUT = "57014";

    private DatabaseFailures() {}

    static boolean unavailable(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof ClosedConnectionException
                    || cause instanceof IOException
                    || cause instanceof TimeoutException
                    || cause instanceof PgException refused && cannotServe(refused)
                    || POOL_TIMEOUT.equals(cause.getMessage())) {
                return true;
            }
        }
        return false;
    }

    /** PostgreSQL's classes 08 (connection), 53 (resources) and 57P (shutdown, start-up), and what took too long. */
    private static boolean cannotServe(PgException refused) {
        String state = refused.getSqlState();
        return state != null
                && (state.startsWith("08")
                        || state.startsWith("53")
                        || state.startsWith("57P")
                        || state.equals(STATEMENT_TIMEOUT));
    }
}
