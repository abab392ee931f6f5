package dev.ganymede.simulator;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** The last events of the node, numbered, and who waits for the next. On its event loop only. */
final class EventLog {

    private static final int CAPACITY = 4_096;

    private record Entry(long number, String environment, JsonObject event) {}

    private record Waiting(String environment, long after, Promise<JsonObject> promise) {}

    private final Vertx vertx;
    private final Deque<Entry> entries = new ArrayDeque<>();
    private final List<Waiting> waiting = new ArrayList<>();
    private long last;

    EventLog(Vertx vertx) {
        this.vertx = vertx;
    }

    void add(Container container, String what) {
        JsonObject event = new JsonObject()
                .put("what", what)
                .put("container", container.id)
                .put("gateway", container.order.gateway())
                .put("life", container.order.life());
        if (entries.size() == CAPACITY) {
            entries.remove();
        }
        entries.add(new Entry(++last, container.order.environment(), event));
        answerThoseOf(container.order.environment());
    }

    long last() {
        return last;
    }

    /** What came after, at once or when it comes; nothing when the time is over. */
    Future<JsonObject> after(String environment, long after, long waitMillis) {
        JsonObject now = since(environment, after);
        if (!now.getJsonArray("events").isEmpty() || now.getBoolean("missed") || waitMillis == 0) {
            return Future.succeededFuture(now);
        }
        Waiting asked = new Waiting(environment, after, Promise.promise());
        waiting.add(asked);
        long timer = vertx.setTimer(waitMillis, late -> answer(asked));
        return asked.promise().future().onComplete(answered -> vertx.cancelTimer(timer));
    }

    private void answerThoseOf(String environment) {
        List.copyOf(waiting).stream()
                .filter(asked -> asked.environment().equals(environment))
                .forEach(this::answer);
    }

    private void answer(Waiting asked) {
        if (waiting.remove(asked)) {
            asked.promise().complete(since(asked.environment(), asked.after()));
        }
    }

    /** A number that was never given is another life's: whatever came since is not known. */
    private JsonObject since(String environment, long after) {
        long first = last - entries.size();
        JsonArray events = new JsonArray();
        entries.stream()
                .filter(entry -> entry.number() > after && entry.environment().equals(environment))
                .forEach(entry -> events.add(entry.event()));
        return new JsonObject()
                .put("last", last)
                .put("missed", after < first || after > last)
                .put("events", events);
    }
}
