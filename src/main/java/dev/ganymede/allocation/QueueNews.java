package dev.ganymede.allocation;

import dev.ganymede.gateway.Revival;
import dev.ganymede.id.OrganizationId;
import dev.ganymede.timeline.Stage;
import dev.ganymede.timeline.Timeline;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/** Tells the timeline how organizations fare in the queue, each piece of news once, however often it is found again. Thread-safe. */
@ApplicationScoped
class QueueNews {

    private final Timeline timeline;
    private final Map<OrganizationId, String> latest = new ConcurrentHashMap<>();

    QueueNews(Timeline timeline) {
        this.timeline = timeline;
    }

    /** Who is new is told of, who is not there any more forgotten. */
    void look(List<Revival> queue) {
        latest.keySet().retainAll(queue.stream().map(Revival::organization).collect(Collectors.toSet()));
        for (Revival entry : queue) {
            if (!latest.containsKey(entry.organization())) {
                waits(entry.organization(), "its gateway is gone (" + entry.reason() + ")");
            }
        }
    }

    /** Why it still waits. */
    void waits(OrganizationId organization, String why) {
        if (!why.equals(latest.put(organization, why))) {
            timeline.noted(organization, Stage.QUEUED, why);
        }
    }

    /** It left the queue without being served. */
    void givenUp(OrganizationId organization, String why) {
        timeline.noted(organization, Stage.REFUSED, why);
    }
}
