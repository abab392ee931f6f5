package dev.ganymede.edge.nginx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.ganymede.edge.EdgeException;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class EdgeGuardTest {

    private final EdgeGuard guard = new EdgeGuard();
    private final AtomicInteger tried = new AtomicInteger();

    @Test
    void whatNginxRefusesIsNotCounted() {
        for (int i = 0; i < 20; i++) {
            assertThatThrownBy(() -> change(new RefusedByNginx("no"))).isInstanceOf(RefusedByNginx.class);
        }
        assertThat(tried).hasValue(20);
        assertThat(guard.isOpen()).isFalse();
    }

    @Test
    void whatKeepsFailingIsNotTriedUntilAMomentLater() {
        for (int i = 0; i < 4; i++) {
            assertThatThrownBy(() -> change(new EdgeException("disk full"))).hasMessage("disk full");
        }
        assertThat(guard.isOpen()).isTrue();
        assertThatThrownBy(() -> change(null)).isInstanceOf(EdgeException.class).hasMessageContaining("for a moment");
        assertThat(tried).hasValue(4);

        await().atMost(Duration.ofSeconds(5)).until(() -> !guard.isOpen());
        change(null);
        assertThat(guard.isOpen()).isFalse();
    }

    private void change(RuntimeException outcome) {
        guard.change(() -> {
                    tried.incrementAndGet();
                    return outcome == null
                            ? Uni.createFrom().voidItem()
                            : Uni.createFrom().failure(outcome);
                })
                .await()
                .atMost(Duration.ofSeconds(5));
    }
}
