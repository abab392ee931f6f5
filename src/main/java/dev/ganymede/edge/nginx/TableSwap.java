package dev.ganymede.edge.nginx;

import dev.ganymede.edge.EdgeException;
import dev.ganymede.edge.Route;
import dev.ganymede.id.OrganizationId;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * Swaps files of routes and tells nginx's table of it: files durable → told → read back → restore when it failed. No reload. Blocking; only under the
 * directory's lock.
 *
 * <p>Every swap has a version of its own, {@code routes.version}, written before the routes; the table takes a change only from the version that it was filled
 * with. Killed in between, nginx started in between, somebody else's change: the two differ, and the table is filled anew.
 */
final class TableSwap {

    private static final Logger LOG = Logger.getLogger(TableSwap.class);
    /** As a table that was filled from no version never calls itself. */
    private static final String NONE = "none";

    private final EdgeFiles files;
    private final NginxControl nginx;
    private final ReloadSwap reloads;
    private final Supplier<Map<OrganizationId, Route>> published;
    private final Checkpoint checkpoint;
    private String instance = NONE;

    /** @param published the routes that stand in the files */
    TableSwap(
            EdgeFiles files,
            NginxControl nginx,
            ReloadSwap reloads,
            Supplier<Map<OrganizationId, Route>> published,
            Checkpoint checkpoint) {
        this.files = files;
        this.nginx = nginx;
        this.reloads = reloads;
        this.published = published;
        this.checkpoint = checkpoint;
    }

    /** Empty when there is none, or something else in its place. */
    Optional<String> versionOnDisk() {
        return files.read(EdgeFiles.ROUTES_VERSION).map(String::strip).filter(text -> text.matches("[0-9a-f-]{36}"));
    }

    /** The edit that gives the routes another version; it goes before all others. */
    static FileEdit version(String version) {
        return new FileEdit(EdgeFiles.ROUTES_VERSION, Optional.of(version + "\n"));
    }

    /** Writes these edits, and tells nginx what they say of these organizations; costs the same however many others there are. */
    void change(FileEdits edits, Map<OrganizationId, Optional<Route>> routes) {
        swap(edits, (from, to) -> tell(from, to, routes));
    }

    /** Writes these edits, which make the routes exactly these, and looks whether nginx has them; without edits, it only looks. */
    void replace(FileEdits edits, Map<OrganizationId, Route> routes) {
        swap(edits, (from, to) -> confirm(to, routes));
    }

    /** Fills the table anew unless it is exactly this; for routes whose files stand. */
    void confirm(Map<OrganizationId, Route> routes) {
        if (nginx.running()) {
            confirm(versionOnDisk().orElse(NONE), routes);
        }
    }

    @FunctionalInterface
    private interface Telling {
        void run(String from, String to);
    }

    private void swap(FileEdits edits, Telling telling) {
        String from = versionOnDisk().orElse(NONE);
        boolean unchanged = edits.areEmpty() && !from.equals(NONE);
        String to = unchanged ? from : UUID.randomUUID().toString();
        if (!unchanged) {
            stage(edits);
        }
        try {
            if (!unchanged) {
                promote(edits, to);
            }
            if (nginx.running()) {
                telling.run(from, to);
                checkpoint.after("told");
            }
        } catch (RuntimeException failure) {
            restore(edits, failure);
            throw failure;
        }
    }

    private void tell(String from, String to, Map<OrganizationId, Optional<Route>> routes) {
        RouteTable.Outcome outcome = nginx.table().change(from, to, routes);
        boolean sameNginx = outcome instanceof RouteTable.Outcome.Live live
                && live.instance().equals(instance);
        if (!sameNginx) {
            // started anew from files that somebody may have touched, or it says something else: all of it is looked at
            LOG.debugf("edge table: %s", outcome);
            confirm(to, published.get());
        }
    }

    private void confirm(String version, Map<OrganizationId, Route> routes) {
        RouteDigest digest = RouteDigest.of(routes);
        Optional<RouteTable.State> state = nginx.table().state();
        if (state.filter(found -> found.is(version, digest)).isEmpty()) {
            LOG.debugf("the edge's table is not what the files say: %s", state);
            state = Optional.of(fill(version, routes, digest));
        }
        instance = state.get().instance();
    }

    private RouteTable.State fill(String version, Map<OrganizationId, Route> routes, RouteDigest digest) {
        Optional<RouteTable.State> filled = nginx.table().replace(version, routes);
        if (filled.isEmpty()) {
            // a socket that is gone, a worker that hangs: new workers read the files, and listen anew
            LOG.warn("the edge's table does not answer, nginx is reloaded");
            nginx.reload(reloads.versionOnDisk().orElseThrow(() -> new EdgeException("the edge has no configuration")));
            filled = nginx.table().replace(version, routes);
        }
        return filled.filter(state -> state.is(version, digest))
                .orElseThrow(() -> new EdgeException("the edge's table does not take the routes"));
    }

    private void stage(FileEdits edits) {
        try {
            for (FileEdit edit : edits.edits()) {
                edit.content().ifPresent(content -> files.stage(edit.name(), content));
            }
            checkpoint.after("stage");
        } catch (RuntimeException failure) {
            discardStaged(failure);
            throw failure;
        }
    }

    private void promote(FileEdits edits, String version) {
        // not forced: after a crash of the machine there is no table that it could be compared with
        files.overwrite(EdgeFiles.ROUTES_VERSION, version + "\n");
        checkpoint.after("version");
        for (FileEdit edit : edits.edits()) {
            if (edit.content().isPresent()) {
                files.promote(edit.name());
            } else {
                files.remove(edit.name());
            }
            checkpoint.after(edit.toString());
        }
        files.forceRoutes();
    }

    /** Under yet another version, so that whatever nginx has taken of it is noticed. */
    private void restore(FileEdits edits, RuntimeException cause) {
        LOG.warnf("edge change failed and is taken back: %s", cause.getMessage());
        try {
            String version = UUID.randomUUID().toString();
            FileEdits back = edits.inverse();
            stage(back);
            promote(back, version);
            if (nginx.running()) {
                nginx.table().replace(version, published.get());
            }
        } catch (RuntimeException again) {
            LOG.errorf("edge could not be taken back either; the next change tries again: %s", again.getMessage());
            cause.addSuppressed(again);
            discardStaged(cause);
        }
    }

    private void discardStaged(RuntimeException cause) {
        try {
            files.discardStaged();
        } catch (RuntimeException again) {
            cause.addSuppressed(again);
        }
    }
}
