package dev.ganymede.timeline;

import dev.ganymede.gateway.EndReason;
import dev.ganymede.gateway.Revival;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * Is the organization up, and if not, why? Pure: the same history and time, the same words.
 *
 * @param explanation one plain sentence for people
 */
record Verdict(Status status, String explanation) {

    /** What the organization is doing. */
    enum Status {
        SERVING,
        STARTING,
        /** It lost its gateway and waits for another one. */
        QUEUED,
        STOPPED,
        NEVER_STARTED
    }

    static Verdict of(History history, Instant now) {
        Optional<TenancyHistory> newest = history.tenancies().stream().findFirst();
        if (newest.isPresent() && newest.get().endedAt().isEmpty()) {
            return live(newest.get(), now);
        }
        if (history.queued().isPresent()) {
            return new Verdict(
                    Status.QUEUED, sentence(Waiting.explain(history.queued().get(), history.pool(), now)));
        }
        Optional<String> refused = history.lastRefusal()
                .filter(refusal -> history.sinceTheLastTenancy(refusal.at()))
                .map(refusal -> "the last start was refused at " + time(refusal.at())
                        + refusal.failure().map(reason -> ": " + reason).orElse(""));
        if (newest.isEmpty()) {
            return new Verdict(
                    Status.NEVER_STARTED,
                    sentence("Never started" + refused.map(text -> "; " + text).orElse("")));
        }
        String ended = newest.get().servingAt().isPresent() ? stopped(newest.get()) : startFailed(newest.get());
        return new Verdict(
                Status.STOPPED,
                sentence(ended + refused.map(text -> "; since then, " + text).orElse("")));
    }

    private static Verdict live(TenancyHistory tenancy, Instant now) {
        return tenancy.servingAt()
                .map(since -> new Verdict(
                        Status.SERVING,
                        sentence("Served by " + tenancy.gatewayText() + " since " + time(since) + ", generation "
                                + tenancy.generation())))
                .orElseGet(() -> new Verdict(Status.STARTING, sentence(starting(tenancy, now))));
    }

    private static String starting(TenancyHistory tenancy, Instant now) {
        String begun = "Starting on " + tenancy.gatewayText() + " since " + time(tenancy.startedAt());
        if (!now.isBefore(tenancy.handshakeUntil())) {
            return begun + ", but its time was over at " + time(tenancy.handshakeUntil())
                    + ": it is about to be given up";
        }
        return tenancy.failed()
                .map(failed -> begun + ": " + failed.stage() + " failed, "
                        + failed.failure().orElse(""))
                .or(() -> tenancy.reached().map(reached -> begun + ", has reached " + reached.stage()))
                .orElse(begun);
    }

    private static String startFailed(TenancyHistory tenancy) {
        return "The last start failed"
                + tenancy.endedAt().map(at -> " at " + time(at)).orElse("")
                + tenancy.failed()
                        .flatMap(TimelineEntry::failure)
                        .or(() -> tenancy.endedReason().map(Verdict::inWords))
                        .map(reason -> ": " + reason)
                        .orElse("");
    }

    private static String stopped(TenancyHistory tenancy) {
        String at = tenancy.endedAt().map(time -> " at " + time(time)).orElse("");
        if (tenancy.endedReason().filter(EndReason.STOPPED_BY_GATEWAY::equals).isPresent()) {
            return "Stopped by its gateway" + at + ", after inactivity or because it was asked to leave";
        }
        return "Stopped" + at
                + tenancy.endedReason().map(reason -> ": " + inWords(reason)).orElse("");
    }

    /** Why an allocation ended, for people. */
    static String inWords(EndReason reason) {
        return switch (reason) {
            case STOPPED_BY_GATEWAY -> "its gateway left";
            case STOPPED_BY_OPERATOR -> "an operator stopped it";
            case HANDSHAKE_FAILED -> "the gateway did not take it over";
            case DATA_UNREADABLE -> "its data can't be loaded";
            case PUBLISH_FAILED -> "its names could not be published";
            case HANDSHAKE_EXPIRED -> "it was not up in its time";
            case HANDSHAKE_ABANDONED -> "Ganymede itself ended in the middle of it";
            case GATEWAY_LOST -> "its gateway was lost";
            case MOVED -> "its gateway was drained or recycled";
            case TERMINATED -> "its container was told to end";
            case SILENT -> "its gateway gave no sign of life";
        };
    }

    static String time(Instant at) {
        return at.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    private static String sentence(String text) {
        return text.endsWith(".") ? text : text + ".";
    }

    /** What an organization in the queue waits for. */
    private static final class Waiting {

        private Waiting() {}

        static String explain(History.Queued queued, History.PoolGlance pool, Instant now) {
            Revival revival = queued.revival();
            String waiting = "Waiting for a gateway since " + time(revival.queuedAt()) + ", because "
                    + inWords(revival.reason()) + ": ";
            if (pool.ready() == 0) {
                return waiting + "no gateway is ready (" + pool(pool) + ")";
            }
            if (pool.ready() <= queued.ahead()) {
                return waiting + queued.ahead() + " organizations are ahead of it (" + pool(pool) + ")";
            }
            String failed = attempts(revival.attempts())
                    + revival.lastFailure().map(reason -> " (" + reason + ")").orElse("");
            if (revival.attempts() > 0 && revival.notBefore().isAfter(now)) {
                return waiting + failed + ", the next attempt is at " + time(revival.notBefore());
            }
            return waiting + "it is its turn" + (revival.attempts() > 0 ? ", after " + failed : "");
        }

        private static String attempts(int count) {
            return count == 1 ? "one attempt failed" : count + " attempts failed";
        }

        private static String pool(History.PoolGlance pool) {
            return pool.members() + " members, " + pool.ready() + " ready, " + pool.creating() + " creating"
                    + (pool.paused() ? ", the pool is paused" : "")
                    + pool.trouble().map(reason -> ": '" + reason + "'").orElse("");
        }
    }
}
