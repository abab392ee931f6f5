package dev.ganymede.certificate;

import dev.ganymede.certificate.IssueResult.Issued;
import dev.ganymede.certificate.IssueResult.NotYet;
import dev.ganymede.io.BlockingWork;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** Hands out what an authority elsewhere has issued. It orders nothing: {@link CertificateUpkeep} does, and says here when something has come. */
final class RemoteIssuer implements CertificateIssuer {

    private final IssuedStore store;
    private final CertificateRepository repository;
    private final String authority;
    private final Clock clock;
    private final List<Consumer<Optional<String>>> listeners = new CopyOnWriteArrayList<>();

    RemoteIssuer(IssuedStore store, CertificateRepository repository, String authority, Clock clock) {
        this.store = store;
        this.repository = repository;
        this.authority = authority;
        this.clock = clock;
    }

    @Override
    public Uni<IssueResult> issue(List<String> names) {
        return BlockingWork.run(Infrastructure.getDefaultWorkerPool(), () -> store.find(names, clock.instant())
                .<IssueResult>map(Issued::new)
                .orElseGet(() -> new NotYet("the authority has not issued it yet")));
    }

    @Override
    public Uni<Void> forget(List<String> names) {
        return repository
                .remove(authority, names.get(0))
                .chain(() -> BlockingWork.run(Infrastructure.getDefaultWorkerPool(), () -> {
                    store.remove(names);
                    return null;
                }));
    }

    @Override
    public Uni<String> rootPem() {
        return Uni.createFrom().item("");
    }

    @Override
    public void whenChanged(Consumer<Optional<String>> listener) {
        listeners.add(listener);
    }

    void changed(Optional<String> subject) {
        listeners.forEach(listener -> listener.accept(subject));
    }
}
