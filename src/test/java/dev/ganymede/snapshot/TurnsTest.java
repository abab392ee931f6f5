package dev.ganymede.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ganymede.id.OrganizationId;
import dev.ganymede.id.ProjectId;
import dev.ganymede.problem.Problem;
import dev.ganymede.snapshot.Turns.Reader;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.helpers.test.UniAssertSubscriber;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** Who reads large snapshots beside whom; the work never ends by itself. */
class TurnsTest {

    private final Turns turns = new Turns(new StoreSettings()
            .with("ganymede.pull.max-concurrent", 2)
            .with("ganymede.pull.max-concurrent-operators", 1)
            .mapping(PullConfig.class));
    private final List<OrganizationId> running = new CopyOnWriteArrayList<>();

    @Test
    void operatorsWaitForEachOtherAndNoGatewayForThem() {
        OrganizationId first = organization();
        OrganizationId second = organization();
        OrganizationId third = organization();
        take(Reader.OPERATOR, first);
        take(Reader.OPERATOR, second);
        run(first);
        take(Reader.GATEWAY, second);
        take(Reader.GATEWAY, third);
        take(Reader.GATEWAY, first);
        run(first, second, third);
    }

    @Test
    void aLaterPullOfAnOrganizationTakesThePlaceOfTheOneBefore() {
        OrganizationId impatient = organization();
        OrganizationId other = organization();
        UniAssertSubscriber<Void> before = take(Reader.GATEWAY, impatient);
        for (int again = 0; again < 5; again++) {
            UniAssertSubscriber<Void> next = take(Reader.GATEWAY, impatient);
            before.awaitFailure().assertFailedWith(Problem.class, "read once more");
            before = next;
        }
        take(Reader.GATEWAY, other);
        run(impatient, other);
        before.assertNotTerminated();
    }

    @Test
    void whoHasLeftIsNotInTheWay() {
        OrganizationId one = organization();
        take(Reader.OPERATOR, one).cancel();
        take(Reader.GATEWAY, one).cancel();
        run();
        take(Reader.OPERATOR, one);
        run(one);
    }

    private void run(OrganizationId... expected) {
        await().untilAsserted(() -> assertThat(running).containsExactlyInAnyOrder(expected));
    }

    private UniAssertSubscriber<Void> take(Reader reader, OrganizationId organization) {
        return turns.take(reader, large(organization), () -> Uni.createFrom().<Void>emitter(emitter -> {
                    running.add(organization);
                    emitter.onTermination(() -> running.remove(organization));
                }))
                .subscribe()
                .withSubscriber(UniAssertSubscriber.create());
    }

    private static OrganizationId organization() {
        return new OrganizationId(UUID.randomUUID());
    }

    private static Version large(OrganizationId organization) {
        Part part = Part.ofProject(new ProjectId(UUID.randomUUID()), Sha256.hash(new byte[0]), 2_000_000);
        Manifest manifest = new Manifest(List.of(part));
        return new Version(organization, 1, 0, Instant.EPOCH, manifest.digest(), manifest, false);
    }
}
