package dev.ganymede.edge.nginx;

import dev.ganymede.edge.EdgeException;
import dev.ganymede.edge.Route;
import dev.ganymede.id.OrganizationId;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jboss.logging.Logger;

/**
 * Applies one batch under the directory's lock: observe → plan ({@link EdgeSurvey}) → swap → reload → restore when it failed. Blocking, never called
 * twice at once.
 *
 * <p>Every change carries a new version, written before anything else: killed at any point, the running version differs from the one on the disk, and
 * the next batch reloads. The version on the disk also tells whether somebody else wrote since: what is remembered is believed only while it is our own.
 */
final class EdgeWriter {

    private static final Logger LOG = Logger.getLogger(EdgeWriter.class);

    /** More than the longest change: two tests and two reloads that run into their limits. */
    private static final Duration LOCK_PATIENCE = Duration.ofSeconds(40);

    /** The routes that this process wrote last, so that a change need not read thousands of files. */
    private record Memory(Optional<String> version, Map<OrganizationId, Route> routes) {

        static final Memory NONE = new Memory(Optional.empty(), Map.of());

        Optional<Map<OrganizationId, Route>> at(Optional<String> versionOnDisk) {
            return version.isPresent() && version.equals(versionOnDisk) ? Optional.of(routes) : Optional.empty();
        }
    }

    private final EdgeFiles files;
    private final EdgeLock lock;
    private final EdgeSurvey survey;
    private final NginxControl nginx;
    private final FileSwap swap;
    private final Checkpoint checkpoint;
    private volatile Memory memory = Memory.NONE;

    EdgeWriter(EdgeSettings settings, EdgeFiles files, NginxControl nginx, Clock clock, Checkpoint checkpoint) {
        EdgeTemplates templates = new EdgeTemplates();
        this.files = files;
        this.lock = new EdgeLock(files.path(EdgeFiles.LOCK), LOCK_PATIENCE);
        this.survey = new EdgeSurvey(settings, templates, files, new RejectedFiles(files.path(""), clock));
        this.nginx = nginx;
        this.checkpoint = checkpoint;
        this.swap = new FileSwap(settings, templates, files, nginx, checkpoint);
    }

    void apply(List<Change> changes) {
        Batch batch = Batch.of(changes);
        lock.run(() -> {
            files.prepare();
            nginx.tidy();
            applyAlone(batch);
        });
    }

    /** The routes as the files say. */
    Map<OrganizationId, Route> published() {
        return survey.published();
    }

    /** The organizations that had a route after the last change of this process. */
    Set<OrganizationId> routed() {
        return memory.routes().keySet();
    }

    private void applyAlone(Batch batch) {
        Optional<Map<OrganizationId, Route>> remembered = memory.at(versionOnDisk());
        boolean quick = remembered.isPresent() && !batch.everything();
        EdgePlan plan = quick ? survey.quick(batch, remembered.get()) : survey.thorough(batch, remembered);
        if (isToDo(plan)) {
            String version = UUID.randomUUID().toString();
            change(quick ? testedOrRepaired(plan, version, batch, remembered) : tested(plan, version), version);
        } else if (nginx.running() && !nginx.patientVersion().equals(versionOnDisk())) {
            reloadIfRunning(versionOnDisk().orElseThrow());
        }
        memory = new Memory(versionOnDisk(), plan.after());
    }

    private boolean isToDo(EdgePlan plan) {
        return !plan.edits().isEmpty() || versionOnDisk().isEmpty();
    }

    /** What nginx refuses may be a file that somebody altered by hand, rather than this change. */
    private EdgePlan testedOrRepaired(
            EdgePlan plan, String version, Batch batch, Optional<Map<OrganizationId, Route>> remembered) {
        try {
            return tested(plan, version);
        } catch (EdgeException refused) {
            LOG.debugf("edge change refused, all files are looked at: %s", refused.getMessage());
            return tested(survey.thorough(batch, remembered), version);
        }
    }

    private EdgePlan tested(EdgePlan plan, String version) {
        try {
            swap.stage(plan.edits(), version);
            swap.test(plan.edits());
            return plan;
        } catch (RuntimeException failure) {
            discardStaged(failure);
            throw failure;
        }
    }

    private void change(EdgePlan plan, String version) {
        Optional<String> before = versionOnDisk();
        try {
            swap.promote(plan.edits());
            reloadIfRunning(version);
        } catch (RuntimeException failure) {
            restore(plan, before, failure);
            throw failure;
        }
        LOG.debugf("edge changed to version %s: %s", version, plan.edits());
    }

    private void reloadIfRunning(String version) {
        if (nginx.running()) {
            nginx.reload(version);
            checkpoint.after("reload");
        }
    }

    /** Files first, so that whatever becomes of nginx, it finds what it last served; not tested, since it stood there before. */
    private void restore(EdgePlan plan, Optional<String> before, RuntimeException cause) {
        LOG.warnf("edge change failed and is taken back: %s", cause.getMessage());
        List<FileEdit> back =
                plan.edits().stream().map(edit -> edit.inverse(plan.current())).toList();
        boolean untouched = before.isPresent() && nginx.patientVersion().equals(before);
        try {
            if (untouched) {
                takeBack(back, before.get());
            } else {
                replaceBack(back, UUID.randomUUID().toString());
            }
        } catch (RuntimeException again) {
            LOG.errorf("edge could not be taken back either; the next change tries again: %s", again.getMessage());
            cause.addSuppressed(again);
            discardStaged(cause);
        }
    }

    /**
     * nginx still serves what stood before: a reload would change nothing but its workers, once for every try of a change that keeps failing. Should it load after
     * all, late, it answers with another version than the disk, and the next batch reloads.
     */
    private void takeBack(List<FileEdit> back, String version) {
        swap.stage(back, version);
        swap.demote(back);
    }

    private void replaceBack(List<FileEdit> back, String version) {
        swap.stage(back, version);
        swap.promote(back);
        reloadIfRunning(version);
    }

    private void discardStaged(RuntimeException cause) {
        try {
            files.discardStaged();
        } catch (EdgeException again) {
            cause.addSuppressed(again);
        }
    }

    private Optional<String> versionOnDisk() {
        return files.read(EdgeFiles.VERSION).flatMap(EdgeTemplates::versionIn);
    }
}
