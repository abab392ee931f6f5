package dev.ganymede.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ganymede.id.GatewayId;
import dev.ganymede.id.LifeId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class FakeContainerRuntimeTest extends ContainerRuntimeContract {

    private final FakeContainerRuntime fake = new FakeContainerRuntime();

    @Test
    void aTestPlaysTheProgramInside() {
        List<String> story = new ArrayList<>();
        fake.onStart(spec -> story.add("up " + spec.name()));
        fake.onStop(spec -> story.add("down " + spec.name()));

        get(fake.stop(created(spec(0)).container(), java.time.Duration.ofSeconds(1)));

        assertThat(story).containsExactly("up gw-pool-0", "down gw-pool-0");
        assertThat(fake.running()).isEmpty();
    }

    @Test
    void aBrokenEngineFailsAsOftenAsToldTo() {
        fake.failNext(1);
        fake.answerNextCreate(new CreateResult.Refused("no image"));

        assertThatThrownBy(() -> get(fake.ping())).isInstanceOf(ContainerRuntimeException.class);
        assertThat(get(fake.create(spec(0)))).isEqualTo(new CreateResult.Refused("no image"));
        created(spec(0));
    }

    @Test
    void whatHappensWhileTheStreamIsStalledIsLostUntilItIsResynced() {
        ContainerId id = created(spec(0)).container();
        try (Heard heard = listening()) {
            fake.stallEvents();
            fake.kill(id);
            fake.reconnectEvents();
            get(fake.remove(id));

            heard.await(new ContainerEvent.Changed(id, "destroy"));
            assertThat(heard.events)
                    .containsExactly(
                            new ContainerEvent.Resync(),
                            new ContainerEvent.Resync(),
                            new ContainerEvent.Changed(id, "destroy"));
        }
    }

    @Test
    void anEndIsSeenByTheProgramInsideHoweverItCame() {
        List<String> ended = new ArrayList<>();
        fake.onEnd(spec -> ended.add(spec.name()));
        fake.kill(created(spec(0)).container());
        get(fake.stop(created(spec(1)).container(), java.time.Duration.ofSeconds(1)));
        get(fake.remove(created(spec(2)).container()));

        assertThat(ended).containsExactly("gw-pool-0", "gw-pool-1", "gw-pool-2");
    }

    @Override
    protected ContainerRuntime runtime() {
        return fake;
    }

    @Override
    protected ContainerSpec spec(int number) {
        return new ContainerSpec(
                new GatewayId(UUID.randomUUID()),
                new LifeId(UUID.randomUUID()),
                "gw-pool-" + number,
                7100 + number,
                49_100 + number,
                Optional.empty(),
                "boot-token");
    }

    @Override
    protected void kill(ContainerId container) {
        fake.kill(container);
    }

    @Override
    protected ContainerId addForeign(String name) {
        return fake.addForeign(name);
    }

    @Override
    protected String image() {
        return "gateway:latest";
    }

    @Override
    protected String missingImage() {
        fake.removeImage("gateway:missing");
        return "gateway:missing";
    }
}
