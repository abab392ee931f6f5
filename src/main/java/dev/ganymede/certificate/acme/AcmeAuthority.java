package dev.ganymede.certificate.acme;

import dev.ganymede.certificate.OrderException;
import dev.ganymede.certificate.OrderException.Kind;
import dev.ganymede.certificate.RemoteAuthority;
import dev.ganymede.dns.DnsChallenges;
import dev.ganymede.io.BlockingWork;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.net.URI;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/** {@link RemoteAuthority} by ACME: proofs are TXT records of our own zone, there while the authority looks and no longer. */
@ApplicationScoped
class AcmeAuthority implements RemoteAuthority {

    private static final Logger LOG = Logger.getLogger(AcmeAuthority.class);
    private static final int THREADS = 4;
    private static final int QUEUE = 64;
    /** What one step waits for at most: the proofs of a name and of the wildcard below it, or an order that becomes ready and then valid. */
    private static final int WAITS = 2;
    /** Requests of one step that may be slow, beside the waiting. */
    private static final int SLOW_REQUESTS = 4;
    /** Calls of the authority for one order: placed, looked at, proven, finished. */
    private static final int STEPS = 4;

    private final AcmeConfig config;
    private final AcmeAccount account;
    private final DnsChallenges challenges;
    private final AcmeGuard guard;
    private final ThreadPoolExecutor threads = new ThreadPoolExecutor(
            THREADS, THREADS, 30, TimeUnit.SECONDS, new ArrayBlockingQueue<>(QUEUE), AcmeAuthority::thread);

    @Inject
    AcmeAuthority(
            AcmeConfig config,
            @ConfigProperty(name = "ganymede.certificate.directory") Path directory,
            @ConfigProperty(name = "ganymede.certificate.trust-file") Optional<Path> trustFile,
            DnsChallenges challenges) {
        this.config = config;
        this.account = new AcmeAccount(config, directory.resolve("acme-account.key"), trustFile);
        this.challenges = challenges;
        this.guard = new AcmeGuard(stepLimit(config));
        threads.allowCoreThreadTimeOut(true);
    }

    private static Duration stepLimit(AcmeConfig config) {
        return config.patience().multipliedBy(WAITS).plus(config.timeout().multipliedBy(SLOW_REQUESTS));
    }

    private static Thread thread(Runnable task) {
        Thread thread = new Thread(task, "acme");
        thread.setDaemon(true);
        return thread;
    }

    @PreDestroy
    void close() {
        threads.shutdownNow();
    }

    @Override
    public String name() {
        return config.directory().map(URI::toString).orElse("none");
    }

    @Override
    public Duration longestOrder() {
        return stepLimit(config).multipliedBy(STEPS).plus(config.propagation());
    }

    @Override
    public Uni<URI> place(List<String> names) {
        return call(() ->
                account.login().newOrder().domains(names).create().getLocation().toURI());
    }

    @Override
    public Uni<Void> prove(URI address) {
        return call(() -> order(address).openProofs()).chain(open -> prove(address, open));
    }

    private Uni<Void> prove(URI address, Map<String, Set<String>> open) {
        if (open.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        return each(open.keySet(), name -> challenges.present(name, open.get(name)))
                .onFailure()
                .transform(failure -> new OrderException(
                        Kind.UNREACHABLE, "the challenges are not in the zone", Optional.empty(), failure))
                .chain(this::spread)
                .chain(() -> this.<Void>call(() -> {
                    order(address).haveProofsChecked();
                    return null;
                }))
                .eventually(() -> clear(open.keySet()));
    }

    private Uni<Void> spread() {
        Uni<Void> done = Uni.createFrom().voidItem();
        return config.propagation().isZero() ? done : done.onItem().delayIt().by(config.propagation());
    }

    @Override
    public Uni<String> finish(URI address, List<String> names, KeyPair keys) {
        return call(() -> order(address).certificate(names, keys));
    }

    @Override
    public Uni<Void> clearProofs(Set<String> underWay) {
        return challenges
                .standing()
                .chain(standing -> clear(standing.stream()
                        .filter(name -> !underWay.contains(name))
                        .toList()));
    }

    /** What stays is removed by the next {@link #clearProofs}. */
    private Uni<Void> clear(Collection<String> names) {
        return each(names, challenges::clear)
                .onFailure()
                .invoke(failure -> LOG.warnf("challenges of %s stay in the zone: %s", names, failure.getMessage()))
                .onFailure()
                .recoverWithNull();
    }

    private static Uni<Void> each(Collection<String> names, Function<String, Uni<Void>> step) {
        return Multi.createFrom()
                .iterable(names)
                .onItem()
                .transformToUniAndMerge(step::apply)
                .collect()
                .last();
    }

    private AcmeOrder order(URI address) throws Exception {
        return AcmeOrder.at(address, account.login(), config.patience());
    }

    private <T> Uni<T> call(Callable<T> step) {
        return guard.call(() -> BlockingWork.run(threads, () -> blocking(step)));
    }

    private <T> T blocking(Callable<T> step) {
        try {
            return step.call();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new OrderException(Kind.UNREACHABLE, "interrupted");
        } catch (Exception failure) {
            OrderException told = AcmeFailures.of(failure);
            if (told.kind() == Kind.ACCOUNT) {
                account.forget();
            }
            throw told;
        }
    }
}
