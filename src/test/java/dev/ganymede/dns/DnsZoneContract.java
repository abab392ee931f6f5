package dev.ganymede.dns;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganymede.dns.DnsZone.Published;
import dev.ganymede.id.OrganizationId;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What every {@link DnsZone} does; run against the fake and against a real server. */
public abstract class DnsZoneContract {

    protected static final HostAddress HERE = new HostAddress("127.0.0.7");
    protected static final HostAddress ELSEWHERE = new HostAddress("192.0.2.9");
    protected static final HostAddress IPV6 = new HostAddress("2001:db8::9");
    private static final Duration LIMIT = Duration.ofSeconds(30);

    protected abstract DnsZone zone();

    /** Alters one of the organization's names by hand. */
    protected abstract void damage(OrganizationId organization);

    @Test
    void aPublishedOrganizationIsFoundAtItsAddress() {
        OrganizationId organization = organization();

        get(zone().publish(organization, HERE));

        assertThat(published()).containsEntry(organization, new Published.At(HERE));
    }

    @Test
    void publishingAgainMovesIt() {
        OrganizationId organization = organization();
        get(zone().publish(organization, HERE));
        get(zone().publish(organization, HERE));
        get(zone().publish(organization, ELSEWHERE));

        assertThat(published()).containsEntry(organization, new Published.At(ELSEWHERE));
    }

    @Test
    void itMovesBetweenAddressFamilies() {
        OrganizationId organization = organization();
        get(zone().publish(organization, HERE));
        get(zone().publish(organization, IPV6));

        assertThat(published()).containsEntry(organization, new Published.At(IPV6));
    }

    @Test
    void withdrawingTwiceIsWithdrawingOnce() {
        OrganizationId organization = organization();
        get(zone().publish(organization, HERE));

        get(zone().withdraw(organization));
        get(zone().withdraw(organization));

        assertThat(published()).doesNotContainKey(organization);
    }

    @Test
    void ensuringTwiceChangesNothing() {
        OrganizationId organization = organization();
        get(zone().publish(organization, HERE));

        get(zone().ensure());
        assertThat(get(zone().ensure())).isEqualTo(published());

        assertThat(published()).containsEntry(organization, new Published.At(HERE));
    }

    @Test
    void damageIsSeenAndPublishingRepairsIt() {
        OrganizationId organization = organization();
        get(zone().publish(organization, HERE));
        damage(organization);

        assertThat(published()).containsEntry(organization, new Published.Damaged());

        get(zone().publish(organization, HERE));
        assertThat(published()).containsEntry(organization, new Published.At(HERE));
    }

    @Test
    void damageIsSeenAndCanBeWithdrawn() {
        OrganizationId organization = organization();
        get(zone().publish(organization, HERE));
        damage(organization);

        get(zone().withdraw(organization));

        assertThat(published()).doesNotContainKey(organization);
    }

    @Test
    void theLastOfSeveralChangesInARowStands() {
        OrganizationId organization = organization();
        List<Uni<Void>> inARow = new ArrayList<>();
        for (int round = 0; round < 20; round++) {
            inARow.add(zone().publish(organization, HERE));
            inARow.add(zone().withdraw(organization));
        }
        inARow.add(zone().publish(organization, ELSEWHERE));

        get(Uni.join().all(inARow).andFailFast());

        assertThat(published()).containsEntry(organization, new Published.At(ELSEWHERE));
    }

    @Test
    void manyAtOnceAllArrive() {
        Map<OrganizationId, Published> expected = new HashMap<>();
        List<Uni<Void>> atOnce = new ArrayList<>();
        for (int count = 0; count < 50; count++) {
            OrganizationId organization = organization();
            expected.put(organization, new Published.At(HERE));
            atOnce.add(zone().publish(organization, HERE));
        }

        get(Uni.join().all(atOnce).andFailFast());

        assertThat(published()).containsAllEntriesOf(expected);
    }

    @Test
    void aServerThatRunsIsAvailableAndAnswersAPing() {
        assertThat(zone().available()).isTrue();
        get(zone().ping());
    }

    protected final Map<OrganizationId, Published> published() {
        return get(zone().published());
    }

    protected static OrganizationId organization() {
        return new OrganizationId(UUID.randomUUID());
    }

    protected static <T> T get(Uni<T> work) {
        return work.await().atMost(LIMIT);
    }
}
