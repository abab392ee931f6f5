package dev.ganymede.edge.nginx;

import dev.ganymede.edge.EdgeException;
import dev.ganymede.edge.Route;
import dev.ganymede.id.OrganizationId;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jboss.logging.Logger;

/**
 * Mode {@code lua}: nginx has the routes in a table, and is told what changes. What such a change costs does not depend on how many routes there are; everything
 * else, the configuration among it, is looked at in each {@code ensure}.
 */
final class TableRollout implements Rollout {

    private static final Logger LOG = Logger.getLogger(TableRollout.class);

    private final EdgeFiles files;
    private final EdgeSurvey survey;
    private final NginxControl nginx;
    private final ReloadSwap reloads;
    private final TableSwap table;
    private volatile RouteMemory memory = RouteMemory.NONE;
    private volatile Optional<FileTime> modified = Optional.empty();

    TableRollout(EdgeFiles files, EdgeSurvey survey, NginxControl nginx, ReloadSwap reloads, TableSwap table) {
        this.files = files;
        this.survey = survey;
        this.nginx = nginx;
        this.reloads = reloads;
        this.table = table;
    }

    /** As remembered while nobody else has written: files are looked at one by one in each {@code ensure}, which is often enough. */
    @Override
    public Map<OrganizationId, Route> published() {
        Optional<FileTime> before = modified;
        return memory.at(table.versionOnDisk())
                .filter(known -> before.isPresent() && before.equals(files.routesModified()))
                .map(Map::copyOf)
                .orElseGet(survey::published);
    }

    @Override
    public Set<OrganizationId> routed() {
        return memory.routes().keySet();
    }

    @Override
    public void apply(Batch batch) {
        batch.routes().values().forEach(route -> route.ifPresent(TableRollout::requireAddress));
        Optional<String> version = table.versionOnDisk();
        boolean looked = memory != RouteMemory.NONE && version.isPresent() && files.arePrepared();
        if (looked && !batch.everything()) {
            table.change(survey.edits(batch.routes()), batch.routes());
            Optional<FileTime> after = files.routesModified();
            memory = memory.changed(batch, version, table.versionOnDisk());
            modified = after;
        } else {
            files.prepare();
            nginx.tidy();
            EdgePlan plan = survey.thorough(batch, memory.at(version));
            apply(plan);
            Optional<FileTime> after = files.routesModified();
            memory = RouteMemory.changeable(table.versionOnDisk(), plan.after());
            modified = after;
        }
    }

    private void apply(EdgePlan plan) {
        if (plan.files().areOfRoutesOnly() && reloads.versionOnDisk().isPresent()) {
            reloads.reloadIfOutdated();
            table.replace(plan.files(), plan.after());
        } else {
            swapWithReload(plan);
        }
    }

    /** nginx reads the routes on the way. */
    private void swapWithReload(EdgePlan plan) {
        String version = UUID.randomUUID().toString();
        FileEdits edits = plan.files()
                .following(TableSwap.version(UUID.randomUUID().toString()), files.read(EdgeFiles.ROUTES_VERSION));
        reloads.test(edits, version);
        try {
            reloads.change(edits, version);
        } catch (RuntimeException failure) {
            confirmWhatStands(failure);
            throw failure;
        }
        table.confirm(plan.after());
    }

    /** A reload may fail after the table was filled. */
    private void confirmWhatStands(RuntimeException cause) {
        try {
            table.confirm(survey.published());
        } catch (RuntimeException again) {
            LOG.debugf("the edge's table is left to the next look: %s", again.getMessage());
            cause.addSuppressed(again);
        }
    }

    /** nginx asks no DNS about a route that it is told. */
    private static void requireAddress(Route route) {
        String host = route.gateway().host();
        if (!host.matches("[0-9.]+|[0-9a-f:]*:[0-9a-f:]*")) {
            throw new EdgeException("the edge needs a gateway's IP address, not " + host);
        }
    }
}
