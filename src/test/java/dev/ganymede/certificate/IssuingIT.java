package dev.ganymede.certificate;

import static dev.ganymede.certificate.IssuingWorld.OWN;
import static dev.ganymede.certificate.IssuingWorld.names;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ganymede.certificate.CertificateConfig.WhenSpent;
import dev.ganymede.certificate.CertificateEntry.State;
import dev.ganymede.certificate.FakeAuthority.Moment;
import dev.ganymede.certificate.OrderException.Kind;
import dev.ganymede.id.OrganizationId;
import dev.ganymede.world.FixedClock;
import io.smallrye.mutiny.Uni;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** From the queue to the store, on a real PostgreSQL, with an authority that fails where it is told to. */
class IssuingIT {

    private static final Duration A_DAY = Duration.ofDays(1);

    private static CertificateDatabase database;

    @TempDir
    Path directory;

    private final FixedClock clock = new FixedClock(Instant.parse("2026-03-08T12:00:00Z"));
    private final OrganizationId one = new OrganizationId(UUID.randomUUID());
    private final OrganizationId two = new OrganizationId(UUID.randomUUID());
    private FakeAuthority authority;
    private IssuingWorld world;

    @BeforeAll
    static void startDatabase() throws Exception {
        database = new CertificateDatabase();
    }

    @AfterAll
    static void stopDatabase() throws Exception {
        database.close();
    }

    @BeforeEach
    void empty() throws Exception {
        database.sql().execute("truncate certificate, certificate_issuance");
        authority = new FakeAuthority(directory.resolve("elsewhere"), clock);
        world = successor();
    }

    @Test
    void nobodyWaitsAndTheCertificateFollows() throws Exception {
        assertThat(Answers.issued(world.issuer, OWN))
                .as("the local authority stands in")
                .isNotNull();
        Answers.assertNotYet(world.issuer, names(one));

        world.run();

        KeyAndChain issued = Answers.issued(world.issuer, names(one));
        assertThat(issued.notAfter()).isEqualTo(clock.instant().plus(FakeAuthority.LIFE));
        assertThat(Answers.issued(world.issuer, OWN)).isNotEqualTo(Answers.issued(world.local, OWN));
        assertThat(world.told).contains(Optional.of(names(one).get(0)), Optional.of(OWN.get(0)));
        assertThat(authority.placed)
                .containsExactlyInAnyOrder(OWN.get(0), names(one).get(0));
        assertThat(world.inventory().budget().orElseThrow().spent()).isEqualTo(2);
        assertThat(world.inventory().count(State.ISSUED)).isEqualTo(2);
        world.run();
        assertThat(authority.placed).hasSize(2);
    }

    @Test
    void keysAreForTheirOwnerOnlyAndThoseOfOrdersDoNotStay() throws Exception {
        world.run();

        try (Stream<Path> files = Files.walk(directory.resolve("issued"))) {
            List<Path> all = files.filter(Files::isRegularFile).toList();
            assertThat(all).hasSize(2).allSatisfy(file -> assertThat(
                            PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo("rw-------"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void whoIsKilledLosesNothingAndSpendsNothingTwice(Moment moment) {
        authority.killedAt = moment;
        world.run();
        Answers.assertNotYet(world.issuer, names(one));

        authority.killedAt = null;
        IssuingWorld successor = successor();
        successor.run();
        Answers.assertNotYet(successor.issuer, names(one));
        clock.advance(FakeAuthority.LONGEST);
        successor.run();
        Answers.assertNotYet(successor.issuer, names(one));
        clock.advance(Duration.ofMinutes(1));
        successor.run();

        assertThat(Answers.issued(successor.issuer, names(one))).isNotNull();
        assertThat(successor.inventory().budget().orElseThrow().spent()).isEqualTo(2);
        boolean orderWasKnown = moment == Moment.AFTER_PROVE || moment == Moment.AFTER_FINISH;
        boolean orderWasPlaced = orderWasKnown || moment == Moment.AFTER_PLACE;
        assertThat(authority.placed).hasSize(orderWasKnown ? 2 : orderWasPlaced ? 4 : 2);
        assertThat(authority.finished).hasSize(moment == Moment.AFTER_FINISH ? 4 : 2);
    }

    @Test
    void aRateLimitIsWaitedForAndTheOrderKept() {
        Instant retryAt = clock.instant().plus(Duration.ofHours(30));
        authority.refusal = new OrderException(Kind.RATE_LIMITED, "too many", Optional.of(retryAt), null);
        world.run();

        CertificateEntry entry = world.entry(names(one));
        assertThat(entry.attemptAt()).isEqualTo(retryAt);
        assertThat(entry.problem()).contains("too many");
        assertThat(entry.order()).isPresent();

        authority.refusal = null;
        clock.advance(Duration.ofHours(29));
        world.run();
        Answers.assertNotYet(world.issuer, names(one));
        clock.advance(Duration.ofHours(2));
        world.run();
        assertThat(Answers.issued(world.issuer, names(one))).isNotNull();
        assertThat(authority.placed).hasSize(2);
        assertThat(world.entry(names(one)).problem()).isEmpty();
    }

    @Test
    void aRefusedOrderIsReplacedAfterAPauseThatGrows() {
        authority.refusal = new OrderException(Kind.REFUSED, "wrong answer");
        world.run();
        assertThat(world.entry(names(one)).order()).isEmpty();
        assertThat(world.inventory().count(State.FAILING)).isEqualTo(2);
        clock.advance(Duration.ofMinutes(2));
        world.run();
        assertThat(world.entry(names(one)).attempts()).isEqualTo(2);
        clock.advance(Duration.ofMinutes(2));
        world.run();
        assertThat(authority.placed).hasSize(4);
        assertThat(world.inventory().budget().orElseThrow().spent()).isZero();
    }

    @Test
    void aCertificateIsRenewedWithAThirdOfItsLifeLeftAndServesMeanwhile() {
        world.run();
        KeyAndChain first = Answers.issued(world.issuer, names(one));

        clock.advance(Duration.ofDays(59));
        world.run();
        assertThat(Answers.issued(world.issuer, names(one))).isEqualTo(first);

        clock.advance(Duration.ofDays(2));
        authority.refusal = new OrderException(Kind.UNREACHABLE, "not today");
        world.run();
        assertThat(Answers.issued(world.issuer, names(one))).isEqualTo(first);

        authority.refusal = null;
        clock.advance(A_DAY);
        world.run();
        assertThat(Answers.issued(world.issuer, names(one)).notAfter()).isAfter(first.notAfter());
        assertThat(world.inventory().budget().orElseThrow().spent())
                .as("renewals are exempt")
                .isZero();
    }

    @Test
    void whatCouldNotBeRenewedInTimeIsNotHandedOutAndIsShown() {
        world.run();
        authority.refusal = new OrderException(Kind.UNREACHABLE, "not this year");
        clock.advance(Duration.ofDays(25));
        world.run();
        clock.advance(Duration.ofDays(66));
        world.run();

        Answers.assertNotYet(world.issuer, names(one));
        assertThat(world.inventory().count(State.EXPIRED)).isEqualTo(2);
        assertThat(Answers.issued(world.issuer, OWN))
                .as("the local authority stands in again")
                .isNotNull();
    }

    @Test
    void whoWaitsForBudgetIsServedWithoutUntilTheWindowMoves() {
        IssuingWorld poor = world(1, WhenSpent.WAIT);
        poor.run();
        assertThat(authority.placed).containsExactly(OWN.get(0));
        Answers.assertNotYet(poor.issuer, names(one));
        assertThat(poor.inventory().budget().orElseThrow().left()).isZero();

        clock.advance(Duration.ofDays(7));
        poor.run();
        assertThat(Answers.issued(poor.issuer, names(one))).isNotNull();
    }

    @Test
    void whoWaitsForBudgetMayHaveOneOfTheLocalAuthority() {
        IssuingWorld poor = world(1, WhenSpent.LOCAL_CA);
        Answers.assertNotYet(poor.issuer, names(one));
        poor.run();
        assertThat(poor.told).contains(Optional.empty());
        KeyAndChain standIn = Answers.issued(poor.issuer, names(one));
        assertThat(standIn).isEqualTo(Answers.issued(poor.local, names(one)));

        clock.advance(Duration.ofDays(7));
        poor.run();
        assertThat(Answers.issued(poor.issuer, names(one))).isNotEqualTo(standIn);
    }

    @Test
    void whoIsNotServedAnyMoreIsRenewedForAWhileAndThenForgotten() {
        world.allocated.add(two);
        world.run();
        world.allocated.remove(two);
        clock.advance(Duration.ofDays(31));
        world.run();

        Answers.assertNotYet(world.issuer, names(two));
        assertThat(world.inventory().items())
                .extracting(Inventory.Item::subject)
                .containsExactlyInAnyOrder(OWN.get(0), names(one).get(0));
    }

    @Test
    void twoProcessesDoNotOrderTheSame() {
        IssuingWorld other = successor();
        Uni.join().all(world.running(), other.running()).andFailFast().await().atMost(Duration.ofSeconds(60));

        assertThat(authority.placed).doesNotHaveDuplicates().hasSize(2);
    }

    private IssuingWorld successor() {
        return world(50, WhenSpent.WAIT);
    }

    private IssuingWorld world(int budget, WhenSpent whenSpent) {
        IssuingWorld made = new IssuingWorld(directory, database.pool(), authority, clock, budget, whenSpent);
        made.allocated.add(one);
        return made;
    }
}
