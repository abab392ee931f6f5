package dev.ganymede.pool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganymede.gateway.LivingGateway;
import dev.ganymede.gateway.LivingGateways.Place;
import dev.ganymede.id.GatewayId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ProbeTurnsTest {

    private static final Set<Integer> NOBODY = Set.of();

    private final ProbeTurns turns = new ProbeTurns(4);
    private int members = 10;

    @Test
    void aSmallPoolIsAskedAsAWholeInEachRound() {
        members = 3;

        assertThat(round(NOBODY)).containsExactly(0, 1, 2);
        assertThat(round(NOBODY)).containsExactly(0, 1, 2);
    }

    @Test
    void aLargePoolIsAskedInTurn() {
        assertThat(round(NOBODY)).containsExactly(0, 1, 2, 3);
        assertThat(round(NOBODY)).containsExactly(4, 5, 6, 7);
        assertThat(round(NOBODY)).containsExactly(8, 9);
        assertThat(round(NOBODY)).containsExactly(0, 1, 2, 3);
    }

    @Test
    void whoMissedIsAskedAgainAtOnceAndTheOthersGoOn() {
        assertThat(round(Set.of(1, 3))).containsExactly(0, 1, 2, 3);
        assertThat(round(Set.of(3))).containsExactly(1, 3, 4, 5);
        assertThat(round(NOBODY)).containsExactly(3, 6, 7, 8);
    }

    @Test
    void whenAllAreSilentTheSameOnesAreAskedUntilSomethingIsKnown() {
        Set<Integer> all = Set.of(0, 1, 2, 3);

        assertThat(round(all)).containsExactly(0, 1, 2, 3);
        assertThat(round(all)).containsExactly(0, 1, 2, 3);
        assertThat(round(NOBODY)).containsExactly(0, 1, 2, 3);
        assertThat(round(NOBODY)).containsExactly(4, 5, 6, 7);
    }

    @Test
    void whoIsSuspectedAndInTurnIsAskedOnce() {
        members = 3;

        assertThat(round(Set.of(1))).containsExactly(0, 1, 2);
        assertThat(round(NOBODY)).containsExactly(1, 0, 2);
    }

    @Test
    void aMemberThatIsGoneIsNotAskedForLong() {
        round(Set.of(3));
        members = 3;

        assertThat(round(NOBODY)).isEmpty();
        assertThat(round(NOBODY)).containsExactly(0, 1, 2);
    }

    /** One round, in which these miss; the slots that were asked. */
    private List<Integer> round(Set<Integer> silent) {
        List<LivingGateway> suspected = living().stream()
                .filter(living -> turns.suspects().contains(living.gateway().id()))
                .toList();
        List<LivingGateway> inTurn = living().stream()
                .filter(living -> isAfter(living, turns.after()))
                .limit(turns.limit())
                .toList();
        List<LivingGateway> round = turns.take(suspected, inTurn);
        List<Integer> slots = new ArrayList<>();
        round.forEach(living -> slots.add(slot(living)));
        turns.asked(round.stream()
                .map(living ->
                        new Probe(living, silent.contains(slot(living)) ? Optional.of("silence") : Optional.empty(), 0))
                .toList());
        assertThat(round.stream().map(living -> living.gateway().id()).toArray(GatewayId[]::new))
                .doesNotHaveDuplicates();
        return slots;
    }

    private List<LivingGateway> living() {
        return IntStream.range(0, members)
                .mapToObj(slot ->
                        new LivingGateway(Members.gateway(slot, Members.READY), Optional.empty(), Optional.empty()))
                .toList();
    }

    private static boolean isAfter(LivingGateway living, Place place) {
        return place.equals(Place.FIRST) || slot(living) > place.slot();
    }

    private static int slot(LivingGateway living) {
        return living.gateway().member().slot();
    }
}
