package dev.ganymede.pool;

import dev.ganymede.collab.GatewayProcess;
import dev.ganymede.flow.Reactor;
import dev.ganymede.gateway.AllocationRepository;
import dev.ganymede.gateway.LivingGateway;
import dev.ganymede.gateway.LivingGateways;
import dev.ganymede.id.GatewayId;
import dev.ganymede.pool.HealthPlanner.Subject;
import dev.ganymede.pool.HealthPlanner.Verdict;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * Asks every gateway that is ready or serves how it is, and has those given up that do not answer any more, or not for whom they should.
 *
 * <p>So many in a round, in {@link ProbeTurns}: in a large pool it takes a while until one is asked, and the next rounds ask again whoever did not answer. One
 * round at a time; of a signal during a round another one follows. What is not known (the database does not answer) counts for nobody.
 */
@ApplicationScoped
public class HealthWatch {

    private static final Logger LOG = Logger.getLogger(HealthWatch.class);
    private static final Duration ROUND_TIMEOUT = Duration.ofSeconds(60);

    private final LivingGateways gateways;
    private final GatewayProcess processes;
    private final LostGateways lost;
    private final AllocationRepository allocations;
    private final Clock clock;
    private final Duration silenceTimeout;
    private final HealthConfig config;
    private final HealthPlanner planner;
    private final ProbeTurns turns;
    private final Counter misses;
    private final Reactor rounds = new Reactor(
            this::round, ROUND_TIMEOUT, failure -> LOG.warnf("gateways could not be asked how they are: %s", failure));
    private volatile boolean active;
    private volatile Verdict latest = Verdict.NONE;

    HealthWatch(
            LivingGateways gateways,
            GatewayProcess processes,
            LostGateways lost,
            AllocationRepository allocations,
            HealthConfig config,
            @ConfigProperty(name = "ganymede.allocation.silence-timeout") Duration silenceTimeout,
            Clock clock,
            MeterRegistry metrics) {
        this.gateways = gateways;
        this.processes = processes;
        this.lost = lost;
        this.allocations = allocations;
        this.silenceTimeout = silenceTimeout;
        this.clock = clock;
        this.config = config;
        this.planner = new HealthPlanner(config.misses());
        this.turns = new ProbeTurns(config.perRound());
        this.misses = Counter.builder("ganymede.health.misses")
                .description("Probes of gateways that got no answer, or the wrong one")
                .register(metrics);
    }

    /** Asks when signalled, from now on; what was counted before counts no more. */
    public void start() {
        latest = Verdict.NONE;
        active = true;
    }

    /** Asks no more, and gives nobody up. */
    public void stop() {
        active = false;
    }

    /** Time for a round. Returns at once. */
    public void signal() {
        if (active) {
            rounds.signal();
        }
    }

    private Uni<Void> round() {
        return suspected().chain(this::withThoseInTurn).chain(this::probe).chain(this::judge);
    }

    private Uni<List<LivingGateway>> suspected() {
        return turns.suspects().isEmpty() ? Uni.createFrom().item(List.of()) : gateways.of(turns.suspects());
    }

    private Uni<List<LivingGateway>> withThoseInTurn(List<LivingGateway> suspected) {
        return gateways.after(turns.after(), turns.limit()).map(inTurn -> turns.take(suspected, inTurn));
    }

    private Uni<List<Probe>> probe(List<LivingGateway> living) {
        return Multi.createFrom()
                .iterable(living)
                .onItem()
                .transformToUni(this::probe)
                .merge(config.parallel())
                .collect()
                .asList();
    }

    private Uni<Probe> probe(LivingGateway living) {
        return processes
                .health(living.gateway().endpoint().orElseThrow(), config.timeout())
                .map(answer -> Probe.of(living, answer))
                .invoke(probe -> probe.miss().ifPresent(reason -> {
                    misses.increment();
                    LOG.debugf("gateway %s: %s", living.gateway().name(), reason);
                }));
    }

    private Uni<Void> judge(List<Probe> probes) {
        Verdict verdict =
                planner.judge(latest.misses(), probes.stream().map(Probe::look).toList());
        latest = verdict;
        turns.asked(probes);
        if (!active) {
            return Uni.createFrom().voidItem();
        }
        return lost.giveUp(of(probes, verdict.lost()))
                .chain(() -> lost.giveUpUnlessRunning(of(probes, verdict.doubtful())))
                .chain(() -> tellOfTraffic(probes));
    }

    /** Whoever has clients is no silent gateway, though it need not have pushed or pinged. */
    private Uni<Void> tellOfTraffic(List<Probe> probes) {
        List<GatewayId> busy = probes.stream()
                .filter(probe -> probe.miss().isEmpty() && probe.connections() > 0)
                .map(probe -> probe.living().gateway().id())
                .toList();
        return busy.isEmpty()
                ? Uni.createFrom().voidItem()
                : allocations.carriesTraffic(busy, clock.instant().plus(silenceTimeout));
    }

    private static List<Probe> of(List<Probe> probes, List<Subject> subjects) {
        Set<Subject> wanted = Set.copyOf(subjects);
        return probes.stream().filter(probe -> wanted.contains(probe.subject())).toList();
    }
}
