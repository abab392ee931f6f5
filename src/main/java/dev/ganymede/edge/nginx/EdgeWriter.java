package dev.ganymede.edge.nginx;

import dev.ganymede.edge.Route;
import dev.ganymede.id.OrganizationId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jboss.logging.Logger;

/**
 * Applies one batch: observe → plan ({@link FileEdit#between}) → swap → reload → restore when it failed. Blocking, never called twice at once.
 *
 * <p>Every change carries a new version, written before anything else: killed at any point, the running version differs from the one on the disk, and
 * the next batch reloads.
 */
final class EdgeWriter {

    private static final Logger LOG = Logger.getLogger(EdgeWriter.class);

    private final EdgeSettings settings;
    private final EdgeTemplates templates;
    private final EdgeFiles files;
    private final NginxControl nginx;
    private final FileSwap swap;
    private final Checkpoint checkpoint;
    /** The routes on the disk, so that a change need not read thousands of files; unknown (null) at first and after a failure. */
    private Map<OrganizationId, Route> known;

    EdgeWriter(EdgeSettings settings, EdgeFiles files, NginxControl nginx, Checkpoint checkpoint) {
        this.settings = settings;
        this.templates = new EdgeTemplates();
        this.files = files;
        this.nginx = nginx;
        this.checkpoint = checkpoint;
        this.swap = new FileSwap(settings, templates, files, nginx, checkpoint);
    }

    void apply(List<Change> changes) {
        Batch batch = Batch.of(changes);
        files.prepare();
        nginx.clearWayForStart();
        Map<OrganizationId, Route> before = known == null || batch.whole() ? published() : known;
        known = null;
        Map<OrganizationId, Route> after = batch.appliedTo(before);
        Map<String, Optional<String>> wanted = wanted(batch, after);
        Map<String, String> current = read(wanted.keySet());
        List<FileEdit> edits = FileEdit.between(current, wanted);
        if (!edits.isEmpty() || versionOnDisk().isEmpty()) {
            change(edits, current);
        } else if (nginx.running() && !nginx.version().equals(versionOnDisk())) {
            reloadIfRunning(versionOnDisk().orElseThrow());
        }
        known = after;
    }

    /** The routes as the files say. */
    Map<OrganizationId, Route> published() {
        Map<OrganizationId, Route> routes = new LinkedHashMap<>();
        for (String name : files.routeNames()) {
            files.read(name).ifPresent(content -> RouteFile.parse(name, content)
                    .ifPresentOrElse(
                            route -> routes.put(route.organization(), route),
                            () -> LOG.warnf("edge file %s is no route and is ignored", files.path(name))));
        }
        return routes;
    }

    private Map<String, Optional<String>> wanted(Batch batch, Map<OrganizationId, Route> after) {
        Map<String, Optional<String>> wanted = new LinkedHashMap<>();
        wanted.put(EdgeFiles.UPSTREAMS, Optional.of(templates.upstreams(after.values())));
        batch.basePem().ifPresent(pem -> {
            wanted.put(EdgeFiles.BASE_CERTIFICATE, Optional.of(pem));
            wanted.put(EdgeFiles.SIGNAL, Optional.of(templates.signal()));
            wanted.put(EdgeFiles.MAIN, Optional.of(templates.main(settings, EdgeTemplates.Includes.LIVE)));
        });
        if (batch.whole()) {
            files.routeNames().forEach(name -> wanted.put(name, Optional.empty()));
        }
        batch.routes()
                .forEach(
                        (organization, route) -> wanted.put(RouteFile.name(organization), route.map(templates::route)));
        return wanted;
    }

    private Map<String, String> read(Set<String> names) {
        Map<String, String> current = new LinkedHashMap<>();
        for (String name : names) {
            files.read(name).ifPresent(content -> current.put(name, content));
        }
        return current;
    }

    private void change(List<FileEdit> edits, Map<String, String> before) {
        String version = UUID.randomUUID().toString();
        swap.stage(edits, version);
        swap.test(edits);
        try {
            swap.promote(edits);
            reloadIfRunning(version);
        } catch (RuntimeException failure) {
            restore(edits, before, failure);
            throw failure;
        }
        LOG.debugf("edge changed to version %s: %s", version, edits);
    }

    private void reloadIfRunning(String version) {
        if (nginx.running()) {
            nginx.reload(version);
            checkpoint.after("reload");
        }
    }

    /** Files first, so that whatever becomes of nginx, it finds what it last served; not tested, since it stood there before. */
    private void restore(List<FileEdit> edits, Map<String, String> before, RuntimeException cause) {
        LOG.warnf("edge change failed and is taken back: %s", cause.getMessage());
        List<FileEdit> back = edits.stream().map(edit -> edit.inverse(before)).toList();
        String version = UUID.randomUUID().toString();
        try {
            swap.stage(back, version);
            swap.promote(back);
            reloadIfRunning(version);
        } catch (RuntimeException again) {
            LOG.errorf("edge could not be taken back either; the next change tries again: %s", again.getMessage());
            cause.addSuppressed(again);
        }
    }

    private Optional<String> versionOnDisk() {
        return files.read(EdgeFiles.VERSION).flatMap(EdgeTemplates::versionIn);
    }
}
