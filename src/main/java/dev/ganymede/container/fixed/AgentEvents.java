package dev.ganymede.container.fixed;

import dev.ganymede.container.ContainerEvent;
import dev.ganymede.container.ContainerId;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/**
 * The agent's events: one question after the other, each open until something happens or its time is over.
 *
 * <p>A question names the last event that was heard. The first one names none and learns where the agent is; so does the one after a failure. Both, and an agent that has
 * forgotten what came after, make a {@link ContainerEvent.Resync}.
 */
final class AgentEvents {

    private static final Logger LOG = Logger.getLogger(AgentEvents.class);
    /** What happens meanwhile comes with one answer, however much it is. */
    private static final Duration BREATH = Duration.ofMillis(20);

    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final AgentClient client;
    private final Duration wait;

    AgentEvents(AgentClient client, Duration wait) {
        this.client = client;
        this.wait = wait;
    }

    /** One subscriber's place in the agent's events; used by one question at a time. */
    private static final class Place {
        private String after = "";
        private Duration rest = Duration.ofMillis(1);
        private boolean lost;
    }

    Multi<ContainerEvent> subscribe() {
        return Multi.createBy()
                .repeating()
                .uni(Place::new, this::next)
                .indefinitely()
                // whoever hears of it may take a while
                .emitOn(Infrastructure.getDefaultExecutor())
                .onItem()
                .disjoint();
    }

    private Uni<List<ContainerEvent>> next(Place place) {
        return Uni.createFrom()
                .voidItem()
                .onItem()
                .delayIt()
                .by(place.rest)
                .chain(() -> client.call(question(place)))
                .map(answer -> heard(place, answer))
                .onFailure()
                .recoverWithItem(failure -> lost(place, failure));
    }

    private AgentCall question(Place place) {
        return place.after.isEmpty()
                ? AgentCall.get("ask for events", "/events")
                : AgentCall.get("ask for events", "/events?after=" + place.after + "&wait_ms=" + wait.toMillis())
                        .lasting(wait);
    }

    private List<ContainerEvent> heard(Place place, AgentAnswer answer) {
        boolean missed = place.after.isEmpty() || answer.read(body -> body.getBoolean("missed", false));
        List<ContainerEvent> events = answer.read(body -> events(body, missed));
        // one that has forgotten everything each time is not asked in a circle
        place.rest = missed && !place.after.isEmpty() ? PAUSE : BREATH;
        place.after = answer.read(body -> Long.toString(body.getLong("last")));
        if (place.lost) {
            LOG.info("the agent's events are back");
            place.lost = false;
        }
        return events;
    }

    private static List<ContainerEvent> events(JsonObject body, boolean missed) {
        Stream<ContainerEvent> told =
                body.getJsonArray("events").stream().map(JsonObject.class::cast).map(AgentEvents::event);
        return Stream.concat(missed ? Stream.of(new ContainerEvent.Resync()) : Stream.empty(), told)
                .toList();
    }

    private static ContainerEvent event(JsonObject event) {
        ContainerId container = new ContainerId(event.getString("container"));
        String what = event.getString("what");
        return "end".equals(what)
                ? new ContainerEvent.Ended(container, AgentListing.gateway(event), AgentListing.life(event))
                : new ContainerEvent.Changed(container, what);
    }

    private List<ContainerEvent> lost(Place place, Throwable failure) {
        if (!place.lost) {
            LOG.warnf("lost the agent's events, until it answers again: %s", failure);
        }
        place.lost = true;
        place.rest = PAUSE;
        place.after = "";
        return List.of();
    }
}
