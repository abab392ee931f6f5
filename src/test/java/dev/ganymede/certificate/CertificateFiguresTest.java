package dev.ganymede.certificate;

import static dev.ganymede.certificate.Entries.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ganymede.certificate.CertificateEntry.State;
import dev.ganymede.certificate.CertificateEntry.Validity;
import dev.ganymede.certificate.Inventory.Item;
import dev.ganymede.world.FixedClock;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CertificateFiguresTest {

    private static final Inventory INVENTORY = new Inventory(
            "acme",
            Optional.of("https://authority.test/directory"),
            Optional.of(new Budget(50, 41, Optional.of(NOW))),
            List.of(
                    item("long", State.ISSUED, 80),
                    item("failing", State.FAILING, 3),
                    item("ended", State.EXPIRED, -1),
                    new Item("new", State.PENDING, Optional.empty(), 0, Optional.empty(), Optional.of(NOW))),
            Map.of());

    private final FixedClock clock = new FixedClock(NOW);
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final CertificateFigures figures = new CertificateFigures(registry, clock);

    @Test
    void tellTheLastLookAndHowLittleTimeIsLeftNow() {
        figures.refresh(INVENTORY);
        clock.advance(Duration.ofDays(1));

        assertThat(value("pending")).isEqualTo(1);
        assertThat(value("issued")).isEqualTo(1);
        assertThat(value("failing")).isEqualTo(1);
        assertThat(value("expired")).isEqualTo(1);
        assertThat(value("budget.left")).isEqualTo(9);
        assertThat(value("earliest.expiry")).isEqualTo(Duration.ofDays(2).toSeconds());
    }

    @Test
    void whoDoesNotLeadSaysNothing() {
        assertThat(figures.summary()).isEmpty();
        figures.refresh(INVENTORY);
        assertThat(figures.summary()).isPresent();
        figures.forget();

        assertThat(figures.summary()).isEmpty();
        assertThat(value("pending")).isNaN();
        assertThat(value("earliest.expiry")).isNaN();
    }

    @Test
    void operatorsSeeTheMostPressingOnesFirst() {
        CertificatesBody body = CertificatesBody.of(INVENTORY, 3);

        assertThat(body.certificates())
                .extracting(CertificatesBody.CertificateBody::subject)
                .containsExactly("ended", "failing", "new");
        assertThat(body.earliestExpiry()).isEqualTo(NOW.plus(Duration.ofDays(3)));
        assertThat(body.budget().left()).isEqualTo(9);
    }

    private double value(String name) {
        return registry.get("ganymede.certificates." + name).gauge().value();
    }

    private static Item item(String subject, State state, int daysLeft) {
        Validity validity = new Validity(NOW.minus(Duration.ofDays(9)), NOW.plus(Duration.ofDays(daysLeft)));
        return new Item(subject, state, Optional.of(validity), 0, Optional.empty(), Optional.of(NOW));
    }
}
