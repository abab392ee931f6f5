package dev.ganymede.app;

import dev.ganymede.flow.Reactor;
import dev.ganymede.gateway.PoolChanged;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import org.jboss.logging.Logger;

/**
 * Passes changes on to the leader, through the database. At most one at a time and twenty a second, whatever there is to tell; one that is lost costs the time
 * until the leader's next round.
 */
@ApplicationScoped
class ChangeRelay {

    private static final Logger LOG = Logger.getLogger(ChangeRelay.class);
    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final Duration PAUSE = Duration.ofMillis(50);
    private static final int CAUSE_LENGTH = 100;

    private final Pool pool;
    private final Reactor reactor =
            new Reactor(this::tell, TIMEOUT, failure -> LOG.debugf("the leader was not told of a change: %s", failure));
    private volatile String cause = "";

    ChangeRelay(Pool pool) {
        this.pool = pool;
    }

    void passOn(PoolChanged change) {
        cause = change.cause()
                .substring(0, Math.min(CAUSE_LENGTH, change.cause().length()));
        reactor.signal();
    }

    private Uni<Void> tell() {
        return pool.preparedQuery("select pg_notify('" + LeaderSession.CHANNEL + "', $1)")
                .execute(Tuple.of(cause))
                .onItem()
                .delayIt()
                .by(PAUSE)
                .replaceWithVoid();
    }
}
