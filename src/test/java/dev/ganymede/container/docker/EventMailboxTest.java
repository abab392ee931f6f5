package dev.ganymede.container.docker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganymede.container.ContainerEvent;
import dev.ganymede.container.ContainerId;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class EventMailboxTest {

    private static final ContainerEvent RESYNC = new ContainerEvent.Resync();

    private final List<ContainerEvent> taken = new ArrayList<>();
    private final EventMailbox mailbox = new EventMailbox(subscriber(), 3, Runnable::run);

    @Test
    void handsOverAsMuchAsWasAskedFor() {
        mailbox.offer(event(1));
        mailbox.offer(event(2));
        assertThat(taken).isEmpty();

        mailbox.request(1);
        assertThat(taken).containsExactly(event(1));
        mailbox.request(Long.MAX_VALUE);
        mailbox.request(Long.MAX_VALUE);
        mailbox.offer(event(3));
        assertThat(taken).containsExactly(event(1), event(2), event(3));
    }

    @Test
    void whoIsTooSlowIsToldToListAnew() {
        for (int number = 1; number <= 4; number++) {
            mailbox.offer(event(number));
        }
        mailbox.offer(event(5));

        mailbox.request(10);

        assertThat(taken).containsExactly(RESYNC, event(5));
    }

    @Test
    void whoHasLeftGetsNothingAndIsAnnouncedOnce() {
        AtomicInteger left = new AtomicInteger();
        mailbox.onCancel(left::incrementAndGet);
        mailbox.request(10);

        mailbox.cancel();
        mailbox.cancel();
        mailbox.offer(event(1));

        assertThat(taken).isEmpty();
        assertThat(left).hasValue(1);
    }

    private static ContainerEvent event(int number) {
        return new ContainerEvent.Changed(new ContainerId("c" + number), "start");
    }

    private Flow.Subscriber<ContainerEvent> subscriber() {
        return new Flow.Subscriber<>() {
            @Override
            public void onSubscribe(Flow.Subscription subscription) {}

            @Override
            public void onNext(ContainerEvent event) {
                taken.add(event);
            }

            @Override
            public void onError(Throwable failure) {}

            @Override
            public void onComplete() {}
        };
    }
}
