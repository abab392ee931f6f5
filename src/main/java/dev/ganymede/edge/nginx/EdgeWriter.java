package dev.ganymede.edge.nginx;

import dev.ganymede.edge.Route;
import dev.ganymede.id.OrganizationId;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Applies one batch under the directory's lock: observe → plan ({@link EdgeSurvey}) → swap → restore when it failed. How it comes to nginx is the {@link Rollout}'s.
 * Blocking, never called twice at once.
 *
 * <p>Every change carries a new version, written before anything else: killed at any point, what runs differs from what is on the disk, and the next batch brings
 * it there. The version on the disk also tells whether somebody else wrote since: what is remembered is believed only while it is our own.
 */
final class EdgeWriter {

    /** More than the longest change: two tests and two reloads that run into their limits. */
    private static final Duration LOCK_PATIENCE = Duration.ofSeconds(40);

    private final EdgeLock lock;
    private final Rollout rollout;

    EdgeWriter(EdgeSettings settings, EdgeFiles files, NginxControl nginx, Clock clock, Checkpoint checkpoint) {
        EdgeTemplates templates = new EdgeTemplates();
        this.lock = new EdgeLock(files.path(EdgeFiles.LOCK), LOCK_PATIENCE);
        EdgeSurvey survey = new EdgeSurvey(settings, templates, files, new RejectedFiles(files.path(""), clock), clock);
        FileSwap swap = new FileSwap(settings, templates, files, nginx, checkpoint);
        ReloadSwap reloads = new ReloadSwap(files, nginx, swap, checkpoint);
        this.rollout = settings.lua().isPresent()
                ? new TableRollout(
                        files,
                        survey,
                        nginx,
                        reloads,
                        new TableSwap(files, nginx, reloads, survey::published, checkpoint))
                : new ReloadRollout(files, survey, nginx, reloads);
    }

    void apply(List<Change> changes) {
        Batch batch = Batch.of(changes);
        lock.run(() -> rollout.apply(batch));
    }

    /** The routes as the files say. */
    Map<OrganizationId, Route> published() {
        return rollout.published();
    }

    /** The organizations that had a route after the last change of this process. */
    Set<OrganizationId> routed() {
        return rollout.routed();
    }
}
