package dev.ganymede.dns.powerdns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ganymede.id.OrganizationId;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

class DoubtsTest {

    private static final OrganizationId ONE = new OrganizationId(new UUID(0, 1));
    private static final OrganizationId OTHER = new OrganizationId(new UUID(0, 2));

    private final List<Set<OrganizationId>> looks = new CopyOnWriteArrayList<>();
    private final Doubts doubts = new Doubts(Duration.ofMillis(5));

    @Test
    void aLossIsLookedAtForAWhileAndThenForgotten() {
        doubts.tell(looks::add);
        doubts.lost(Set.of(ONE));
        await().until(() -> looks.size() == 5);
        doubts.lost(Set.of(OTHER));
        await().until(() -> looks.size() == 10);
        assertThat(looks.subList(0, 5)).containsOnly(Set.of(ONE));
        assertThat(looks.subList(5, 10)).containsOnly(Set.of(OTHER));
    }

    @Test
    void aLossDuringALookBeginsAnew() {
        doubts.tell(doubtful -> {
            looks.add(doubtful);
            if (looks.size() == 3) {
                doubts.lost(Set.of(ONE));
            }
        });
        doubts.lost(Set.of(ONE));
        await().until(() -> looks.size() == 8);
    }

    @Test
    void nothingLostIsNothingToLookAt() {
        doubts.tell(looks::add);
        doubts.lost(Set.of());
        assertThat(looks).isEmpty();
    }
}
