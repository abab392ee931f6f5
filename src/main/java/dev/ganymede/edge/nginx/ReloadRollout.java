package dev.ganymede.edge.nginx;

import dev.ganymede.edge.EdgeException;
import dev.ganymede.edge.Route;
import dev.ganymede.id.OrganizationId;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jboss.logging.Logger;

/** Mode {@code reload}: nginx reads the routes with its configuration. */
final class ReloadRollout implements Rollout {

    private static final Logger LOG = Logger.getLogger(ReloadRollout.class);

    private final EdgeFiles files;
    private final EdgeSurvey survey;
    private final NginxControl nginx;
    private final ReloadSwap swap;
    private volatile RouteMemory memory = RouteMemory.NONE;

    ReloadRollout(EdgeFiles files, EdgeSurvey survey, NginxControl nginx, ReloadSwap swap) {
        this.files = files;
        this.survey = survey;
        this.nginx = nginx;
        this.swap = swap;
    }

    @Override
    public Map<OrganizationId, Route> published() {
        return survey.published();
    }

    @Override
    public Set<OrganizationId> routed() {
        return memory.routes().keySet();
    }

    @Override
    public void apply(Batch batch) {
        files.prepare();
        nginx.tidy();
        Optional<Map<OrganizationId, Route>> remembered = memory.at(swap.versionOnDisk());
        boolean quick = remembered.isPresent() && !batch.everything();
        EdgePlan plan = quick ? survey.quick(batch, remembered.get()) : survey.thorough(batch, remembered);
        if (!plan.files().areEmpty() || swap.versionOnDisk().isEmpty()) {
            String version = UUID.randomUUID().toString();
            EdgePlan tested = quick ? testedOrRepaired(plan, version, batch, remembered) : tested(plan, version);
            swap.change(tested.files(), version);
        } else {
            swap.reloadIfOutdated();
        }
        memory = new RouteMemory(swap.versionOnDisk(), plan.after());
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
        swap.test(plan.files(), version);
        return plan;
    }
}
