package dev.ganymede.pool;

import io.smallrye.mutiny.Uni;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.function.Function;
import org.jboss.logging.Logger;

/** Actions of one kind, so many of them at the same time; an action on the same subject is not begun twice. Safe for concurrent use. */
final class ActionLane {

    private static final Logger LOG = Logger.getLogger(ActionLane.class);

    /** Told when an action has ended, after its subject is free again. */
    interface Listener {
        void succeeded();
    }

    private final int limit;
    private final Function<PoolAction, Uni<Void>> executor;
    private final Listener listener;
    private final Map<Object, PoolAction> work = new LinkedHashMap<>();
    private final Queue<PoolAction> waiting = new ArrayDeque<>();
    private int running;

    ActionLane(int limit, Function<PoolAction, Uni<Void>> executor, Listener listener) {
        this.limit = limit;
        this.executor = executor;
        this.listener = listener;
    }

    void add(PoolAction action) {
        synchronized (this) {
            if (work.putIfAbsent(action.subject(), action) != null) {
                return;
            }
            waiting.add(action);
        }
        runNext();
    }

    /** What has not begun is not begun. */
    synchronized void clear() {
        waiting.forEach(action -> work.remove(action.subject()));
        waiting.clear();
    }

    /** What waits and runs. */
    synchronized Map<Object, PoolAction> work() {
        return Map.copyOf(work);
    }

    private void runNext() {
        Optional<PoolAction> next;
        synchronized (this) {
            next = running < limit ? Optional.ofNullable(waiting.poll()) : Optional.empty();
            next.ifPresent(action -> running++);
        }
        next.ifPresent(this::run);
    }

    private void run(PoolAction action) {
        Uni.createFrom()
                .deferred(() -> executor.apply(action))
                .subscribe()
                .with(
                        done -> {
                            ended(action);
                            listener.succeeded();
                        },
                        failure -> {
                            LOG.warnf(failure, "pool action failed: %s", action);
                            ended(action);
                        });
    }

    private void ended(PoolAction action) {
        synchronized (this) {
            running--;
            work.remove(action.subject());
        }
        runNext();
    }
}
