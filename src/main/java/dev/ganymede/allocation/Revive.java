package dev.ganymede.allocation;

import dev.ganymede.gateway.Revival;
import dev.ganymede.gateway.RevivalRepository;
import dev.ganymede.problem.Problem;
import dev.ganymede.problem.ProblemType;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.jboss.logging.Logger;

/** One attempt to serve one organization of the queue, and what becomes of its place there. */
@ApplicationScoped
class Revive {

    private static final Logger LOG = Logger.getLogger(Revive.class);
    private static final Duration LOSSES_COUNT_FOR = Duration.ofMinutes(1);

    private final Start start;
    private final RevivalRepository revivals;
    private final Withdrawal withdrawal;
    private final QueueNews news;
    private final FailoverConfig config;
    private final FailoverPlanner planner;
    private final Clock clock;

    Revive(
            Start start,
            RevivalRepository revivals,
            Withdrawal withdrawal,
            QueueNews news,
            FailoverConfig config,
            Clock clock) {
        this.start = start;
        this.revivals = revivals;
        this.withdrawal = withdrawal;
        this.news = news;
        this.config = config;
        this.planner = new FailoverPlanner(config.parallel(), config.longestPause());
        this.clock = clock;
    }

    /** How it went. */
    enum Outcome {
        /** The queue is in order: it left it, or its next attempt is written there. */
        SETTLED,
        /** It waits as before: whoever is behind it need not try. */
        NONE_READY
    }

    /** Fails when the database does. */
    Uni<Outcome> attempt(Revival entry) {
        Instant since = clock.instant().minus(LOSSES_COUNT_FOR);
        return revivals.lossesSince(entry.organization(), since)
                .chain(losses -> losses > config.lossesPerMinute() ? rest(entry, losses) : serve(entry));
    }

    /** It wears gateways out: bounded churn. */
    private Uni<Outcome> rest(Revival entry, int losses) {
        String why = losses + " of its gateways were lost within a minute";
        LOG.warnf("organization %s waits: %s", entry.organization(), why);
        news.waits(entry.organization(), why);
        return revivals.postpone(entry.organization(), why, clock.instant().plus(config.rest()))
                .replaceWith(Outcome.SETTLED);
    }

    private Uni<Outcome> serve(Revival entry) {
        return start.again(entry.organization())
                .invoke(serving -> TenancyLog.info(
                        serving, "served again after " + Duration.between(entry.queuedAt(), clock.instant())))
                // it left the queue when it served; an entry that stayed all the same must not come round for ever
                .chain(serving -> revivals.remove(entry))
                .replaceWith(Outcome.SETTLED)
                .onFailure(Start.NotWaiting.class)
                .recoverWithItem(Outcome.SETTLED)
                .onFailure(Problem.class)
                .recoverWithUni(problem -> refused(entry, problem));
    }

    private Uni<Outcome> refused(Revival entry, Problem problem) {
        if (problem.type() == ProblemType.POOL_EXHAUSTED) {
            news.waits(entry.organization(), "no gateway is ready");
            return Uni.createFrom().item(Outcome.NONE_READY);
        }
        if (problem.type() == ProblemType.DATA_UNREADABLE) {
            return giveUp(entry, "its data can't be loaded, by no gateway");
        }
        String why = Refusals.text(problem);
        Duration pause = planner.pauseAfter(entry.attempts());
        LOG.warnf("organization %s not served again yet, next try in %s: %s", entry.organization(), pause, why);
        news.waits(entry.organization(), why);
        return revivals.failed(entry.organization(), why, clock.instant().plus(pause))
                .replaceWith(Outcome.SETTLED);
    }

    private Uni<Outcome> giveUp(Revival entry, String why) {
        LOG.errorf("organization %s is not served again: %s", entry.organization(), why);
        news.givenUp(entry.organization(), why);
        return revivals.remove(entry)
                .chain(() -> withdrawal.of(entry.organization()))
                .replaceWith(Outcome.SETTLED);
    }
}
