package dev.ganymede.simulator;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.BindException;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** The containers of the simulated node. On one event loop only. */
final class Node {

    /** The images that it has, by name. */
    static final Map<String, String> IMAGES =
            Map.of("gateway:latest", "sha256:" + "5".repeat(64), "gateway:next", "sha256:" + "6".repeat(64));

    private final Vertx vertx;
    private final Program.Factory programs;
    private final int slots;
    private final EventLog events;
    private final String life = UUID.randomUUID().toString();
    private final Map<String, Container> byId = new LinkedHashMap<>();
    private final Map<String, Container> byName = new LinkedHashMap<>();
    private final Set<Integer> ports = new HashSet<>();

    Node(Vertx vertx, Program.Factory programs, int slots) {
        this.vertx = vertx;
        this.programs = programs;
        this.slots = slots;
        this.events = new EventLog(vertx);
    }

    EventLog events() {
        return events;
    }

    /** Changes with everything that a listing would show. */
    String tag() {
        return '"' + life + '-' + events.last() + '"';
    }

    Future<Container> create(Order order) {
        refuse(order);
        Container container = new Container(order, programs, this::ended);
        byName.put(container.name, container);
        if (!ports.add(order.httpPort())) {
            return discarded(container, new Problem(409, "port-taken", "port " + order.httpPort() + " is in use"));
        }
        return container
                .start()
                .compose(
                        started -> {
                            byId.put(container.id, container);
                            events.add(container, "start");
                            return Future.succeededFuture(container);
                        },
                        failure -> {
                            ports.remove(order.httpPort());
                            return discarded(container, problem(failure));
                        });
    }

    private void refuse(Order order) {
        if (byName.containsKey(order.name())) {
            throw new Problem(409, "name-taken", order.name() + " is there already");
        }
        if (byName.size() >= slots) {
            throw new Problem(422, "refused", "all " + slots + " places are taken");
        }
        order.image().filter(image -> image(image).isEmpty()).ifPresent(missing -> {
            throw new Problem(422, "refused", "no such image: " + missing);
        });
    }

    private Future<Container> discarded(Container container, Problem problem) {
        byName.remove(container.name);
        return Future.failedFuture(problem);
    }

    private static Problem problem(Throwable failure) {
        return failure instanceof BindException
                ? new Problem(409, "port-taken", String.valueOf(failure.getMessage()))
                : new Problem(422, "refused", failure.toString());
    }

    Future<Void> stop(String environment, String id, long graceMillis) {
        return owned(environment, id).stop(vertx, graceMillis);
    }

    Future<Void> remove(String environment, String id) {
        Container container = owned(environment, id);
        return container.kill().onComplete(killed -> {
            if (byId.remove(id) != null) {
                byName.remove(container.name);
                events.add(container, "destroy");
            }
        });
    }

    void rename(String environment, String id, String name) {
        Container container = owned(environment, id);
        if (container.name.equals(name)) {
            return;
        }
        if (byName.containsKey(name)) {
            throw new Problem(409, "name-taken", name + " is there already");
        }
        byName.remove(container.name);
        container.name = name;
        byName.put(name, container);
        events.add(container, "rename");
    }

    /** Ended from outside, as by a crash. */
    Future<Void> kill(String id) {
        return byId.get(id).kill();
    }

    Optional<String> image(String reference) {
        return IMAGES.containsValue(reference) ? Optional.of(reference) : Optional.ofNullable(IMAGES.get(reference));
    }

    JsonObject listing(String environment) {
        JsonArray owned = new JsonArray();
        JsonArray foreign = new JsonArray();
        byId.values().forEach(container -> {
            if (container.order.environment().equals(environment)) {
                owned.add(container.toJson());
            } else {
                foreign.add(container.name);
            }
        });
        return new JsonObject().put("containers", owned).put("foreign_names", foreign);
    }

    private Container owned(String environment, String id) {
        Container container = byId.get(id);
        if (container == null) {
            throw new Problem(404, "container-not-found", "there is no container " + id);
        }
        if (!container.order.environment().equals(environment)) {
            throw new Problem(403, "foreign", "container " + id + " is another environment's");
        }
        return container;
    }

    private void ended(Container container) {
        ports.remove(container.order.httpPort());
        events.add(container, "end");
    }
}
