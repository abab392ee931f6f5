package dev.ganymede.certificate;

import static dev.ganymede.certificate.Entries.NOW;
import static dev.ganymede.certificate.Entries.counted;
import static dev.ganymede.certificate.Entries.fresh;
import static dev.ganymede.certificate.Entries.later;
import static dev.ganymede.certificate.Entries.renewal;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ganymede.certificate.Budget.Rules;
import dev.ganymede.certificate.IssuancePlanner.Observation;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Whole plans from whole queues. {@code a} and {@code b} are allocated, {@code own} is the environment's own name. */
class IssuancePlannerTest {

    private static final Rules EXEMPT = new Rules(50, Duration.ofDays(7), false, 80);
    private static final Rules COUNTED = new Rules(50, Duration.ofDays(7), true, 80);

    private static final CertificateEntry A = fresh("a", 2);
    private static final CertificateEntry B = fresh("b", 3);
    private static final CertificateEntry ASLEEP = fresh("asleep", 99);
    private static final CertificateEntry OWN = fresh("own", 1);
    private static final CertificateEntry RENEWED = renewal("a", 5);
    private static final CertificateEntry KILLED = counted("asleep", 1);

    static Stream<Arguments> plans() {
        return Stream.of(
                // what is in the queue, budget left, places, rules; ordered, waiting
                plan("nothing", List.of(), 50, 4, EXEMPT, List.of(), List.of()),
                plan("not due", List.of(later("a")), 50, 4, EXEMPT, List.of(), List.of()),
                plan(
                        "own, then allocated by their wait, then others",
                        List.of(ASLEEP, A, B, OWN),
                        50,
                        4,
                        EXEMPT,
                        List.of(OWN, B, A, ASLEEP),
                        List.of()),
                plan("as many as there are places", List.of(ASLEEP, A, B), 50, 2, EXEMPT, List.of(B, A), List.of()),
                plan("as far as it goes", List.of(ASLEEP, A, B), 1, 4, EXEMPT, List.of(B), List.of(A, ASLEEP)),
                plan("spent", List.of(A, OWN), 0, 4, EXEMPT, List.of(), List.of(OWN, A)),
                plan("an exempt renewal passes by", List.of(B, RENEWED), 0, 4, EXEMPT, List.of(RENEWED), List.of(B)),
                plan("a renewal that counts waits", List.of(B, RENEWED), 0, 4, COUNTED, List.of(), List.of(RENEWED, B)),
                plan(
                        "what is counted goes on first",
                        List.of(OWN, KILLED),
                        0,
                        1,
                        COUNTED,
                        List.of(KILLED),
                        List.of(OWN)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("plans")
    void ordersWhatIsDueInTurnAndWithinTheBudget(
            String name, List<CertificateEntry> queue, int left, int places, Rules rules, IssuancePlan expected) {
        Budget budget = new Budget(50, 50 - left, Optional.empty());
        Observation observed = new Observation(NOW, queue, "own", Set.of("own", "a", "b"), budget, places);

        assertThat(IssuancePlanner.plan(observed, rules)).isEqualTo(expected);
    }

    private static Arguments plan(
            String name,
            List<CertificateEntry> queue,
            int left,
            int places,
            Rules rules,
            List<CertificateEntry> orders,
            List<CertificateEntry> waiting) {
        return Arguments.of(name, queue, left, places, rules, new IssuancePlan(orders, waiting));
    }
}
