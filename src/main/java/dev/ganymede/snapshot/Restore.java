package dev.ganymede.snapshot;

import dev.ganymede.gateway.PoolChanged;
import dev.ganymede.gateway.Replacement;
import dev.ganymede.id.OrganizationId;
import dev.ganymede.organization.OrganizationRepository;
import dev.ganymede.snapshot.Turns.Reader;
import dev.ganymede.timeline.Stage;
import dev.ganymede.timeline.Timeline;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * Makes an earlier version the newest one again. Nothing is lost: it becomes a version of its own, and what the running gateway pushes from then on is kept, but not
 * given to anybody, because its data does not include the restore. The order to replace that gateway is in the same transaction: the pool follows it, also when this
 * process ends right after the commit. A start waits until then, so that no gateway loads the data of before unseen.
 */
@ApplicationScoped
class Restore {

    private static final Logger LOG = Logger.getLogger(Restore.class);

    private final Pool pool;
    private final OrganizationRepository organizations;
    private final Manifests manifests;
    private final VersionReader reader;
    private final Turns turns;
    private final VersionWriter writer;
    private final Timeline timeline;
    private final Event<PoolChanged> poolChanged;

    Restore(
            Pool pool,
            OrganizationRepository organizations,
            Manifests manifests,
            VersionReader reader,
            Turns turns,
            VersionWriter writer,
            Timeline timeline,
            Event<PoolChanged> poolChanged) {
        this.pool = pool;
        this.organizations = organizations;
        this.manifests = manifests;
        this.reader = reader;
        this.turns = turns;
        this.writer = writer;
        this.timeline = timeline;
        this.poolChanged = poolChanged;
    }

    /**
     * What was done.
     *
     * @param gateway name of the one that is replaced; empty: none has to be
     */
    record Restored(long version, long sourceVersion, long lineage, Optional<String> gateway) {}

    /** All of the version is read and verified first: one that is damaged is not restored. */
    Uni<Restored> restore(OrganizationId organization, VersionRef ref) {
        return organizations
                .get(organization)
                .chain(found -> manifests.get(organization, ref))
                .chain(source -> turns.take(Reader.OPERATOR, source, () -> reader.verify(source))
                        .chain(() -> pool.withTransaction(connection -> restore(connection, source))))
                .invoke(restored -> tell(organization, restored));
    }

    private Uni<Restored> restore(SqlConnection connection, Version source) {
        OrganizationId organization = source.organization();
        NewVersion wanted = NewVersion.restored(organization, source.manifest(), source.takenAt(), source.number());
        return VersionLocks.keepFromStarting(connection, organization)
                .chain(() -> Replacement.order(connection, organization))
                .chain(gateway -> VersionLocks.keepVersion(connection, source)
                        .chain(() -> Series.lock(connection, organization))
                        .chain(series -> writer.add(connection, wanted, series)
                                .map(stored -> new Restored(
                                        stored.version(), source.number(), series.lineage() + 1, gateway))));
    }

    private void tell(OrganizationId organization, Restored restored) {
        String what = "version " + restored.sourceVersion() + " is the newest again, as version " + restored.version()
                + restored.gateway()
                        .map(gateway -> "; gateway " + gateway + " is replaced")
                        .orElse("");
        LOG.infof("organization %s: %s", organization, what);
        timeline.noted(organization, Stage.RESTORED, what);
        restored.gateway().ifPresent(gateway -> poolChanged.fire(new PoolChanged("gateway " + gateway + ": RECYCLE")));
    }
}
