package dev.ganymede.edge.nginx;

import dev.ganymede.edge.EdgeException;
import dev.ganymede.edge.EdgeRoutes;
import dev.ganymede.edge.Route;
import dev.ganymede.flow.Batcher;
import dev.ganymede.id.OrganizationId;
import dev.ganymede.io.BlockingWork;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;

/** {@link EdgeRoutes} on nginx: certificates first, then one writer for everything that needs a reload. */
final class NginxEdgeRoutes implements EdgeRoutes {

    private static final int MAX_BATCH = 500;

    private final EdgeCertificates certificates;
    private final EdgeWriter writer;
    private final NginxControl nginx;
    private final EdgeFiles files;
    private final WorkerAccess access;
    private final Executor workers = Infrastructure.getDefaultWorkerPool();
    private final Batcher<Change> batcher;
    private final EdgeGuard guard = new EdgeGuard();

    NginxEdgeRoutes(
            EdgeCertificates certificates,
            EdgeWriter writer,
            NginxControl nginx,
            EdgeFiles files,
            WorkerAccess access,
            int queueCapacity) {
        this.certificates = certificates;
        this.writer = writer;
        this.nginx = nginx;
        this.files = files;
        this.access = access;
        this.batcher = new Batcher<>(queueCapacity, MAX_BATCH, this::write);
    }

    @Override
    public Uni<Void> ensure() {
        return toCaller(certificates
                .basePem()
                .chain(pem -> batcher.submit(new Change.Ensure(pem)))
                .chain(() -> certificates.tend(writer.routed()))
                .chain(() -> blocking(this::verifyAccess)));
    }

    @Override
    public Uni<Void> publish(Route route) {
        return toCaller(certificates
                .ensure(route.organization())
                .chain(() -> batcher.submit(new Change.Publish(route)))
                .chain(() -> blocking(this::requireRunning)));
    }

    @Override
    public Uni<Void> withdraw(OrganizationId organization) {
        return toCaller(batcher.submit(new Change.Withdraw(organization)));
    }

    @Override
    public Uni<Void> replaceAll(Collection<Route> routes) {
        List<Route> wanted = List.copyOf(routes);
        return toCaller(certificates
                .ensure(wanted.stream().map(Route::organization).toList())
                .chain(certificates::basePem)
                .chain(pem -> batcher.submit(new Change.ReplaceAll(pem, wanted))));
    }

    @Override
    public Uni<Map<OrganizationId, Route>> published() {
        return toCaller(BlockingWork.run(workers, writer::published));
    }

    /** Looks for the process as well, which takes microseconds: nothing that needs a stopped edge should begin, however few calls have failed yet. */
    @Override
    public boolean available() {
        return !guard.isOpen() && nginx.listed();
    }

    @Override
    public Uni<Void> ping() {
        return toCaller(blocking(() -> {
            requireRunning();
            nginx.patientVersion().orElseThrow(() -> new EdgeException("edge does not answer"));
        }));
    }

    private Uni<Void> write(List<Change> changes) {
        return guard.change(() -> blocking(() -> writer.apply(changes)));
    }

    private void requireRunning() {
        if (!nginx.running()) {
            throw new EdgeException("edge is not running");
        }
    }

    private void verifyAccess() {
        access.verify(files.path(EdgeFiles.BASE_CERTIFICATE));
    }

    private Uni<Void> blocking(Runnable work) {
        return Uni.createFrom().voidItem().invoke(work).runSubscriptionOn(workers);
    }

    private static <T> Uni<T> toCaller(Uni<T> work) {
        return BlockingWork.onCallerContext(work.onFailure(failure -> !(failure instanceof EdgeException))
                .transform(failure ->
                        new EdgeException("the edge could not be changed: " + failure.getMessage(), failure)));
    }
}
