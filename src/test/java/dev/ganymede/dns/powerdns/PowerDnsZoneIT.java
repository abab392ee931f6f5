package dev.ganymede.dns.powerdns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.ganymede.dns.DnsException;
import dev.ganymede.dns.DnsZone;
import dev.ganymede.dns.DnsZone.Published;
import dev.ganymede.dns.DnsZoneContract;
import dev.ganymede.dns.HostAddress;
import dev.ganymede.id.Domain;
import dev.ganymede.id.OrganizationId;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.core.Vertx;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The adapter on Debian's PowerDNS; answers are asked for over the wire. */
class PowerDnsZoneIT extends DnsZoneContract {

    private static final Domain DOMAIN = new Domain("dns.it.local");
    private static final ZoneNames NAMES = new ZoneNames(DOMAIN);

    @TempDir
    static Path directory;

    private static Vertx vertx;
    private static PowerDnsServer server;
    private static PowerDnsZone zone;
    private static DnsQuery dns;

    @BeforeAll
    static void start() throws Exception {
        vertx = Vertx.vertx();
        server = new PowerDnsServer(directory);
        dns = new DnsQuery(server.dnsPort());
        zone = zone(Map.of());
        get(zone.ensure());
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
        vertx.closeAndAwait();
    }

    @Test
    void theEnvironmentsOwnNamesLeadToTheNode() {
        assertThat(dns.address("dns.it.local")).contains("127.0.0.7");
        assertThat(dns.address("ganymede.dns.it.local")).contains("127.0.0.7");
        assertThat(dns.ask("dns.it.local", "NS")).contains("ns1.dns.it.local.");
        assertThat(dns.address("ns1.dns.it.local")).contains("127.0.0.7");
        assertThat(dns.ask("dns.it.local", "SOA").orElse(""))
                .startsWith("ns1.dns.it.local.")
                .endsWith(" 5");
    }

    @Test
    void aNameAskedForTooEarlyIsAnsweredRightAfterItsPublication() {
        OrganizationId organization = organization();
        String gateway = DOMAIN.organization(organization);
        assertThat(dns.address(gateway)).isEmpty();
        assertThat(dns.address("uc-1." + gateway)).isEmpty();

        get(zone.publish(organization, HERE));
        assertThat(dns.address(gateway)).contains(HERE.value());
        assertThat(dns.address("uc-1." + gateway)).contains(HERE.value());

        get(zone.withdraw(organization));
        assertThat(dns.address(gateway)).isEmpty();
        assertThat(dns.address("uc-1." + gateway)).isEmpty();
    }

    @Test
    void foreignNamesSurvive() {
        OrganizationId organization = organization();
        String foreign = "www." + DOMAIN;
        String almostOurs = "org-" + organization.toString().toUpperCase(Locale.ROOT) + "x." + DOMAIN;
        patch(RrSet.address(foreign + ".", ELSEWHERE).replace(60));
        patch(RrSet.address(almostOurs + ".", ELSEWHERE).replace(60));

        get(zone.publish(organization, HERE));
        get(zone.withdraw(organization));
        get(zone.ensure());

        assertThat(dns.address(foreign)).contains(ELSEWHERE.value());
        assertThat(dns.address(almostOurs)).contains(ELSEWHERE.value());
        assertThat(published()).doesNotContainKey(organization);
    }

    @Test
    void sixteenPublishersAtOnceDuplicateNothing() {
        List<OrganizationId> organizations =
                Stream.generate(DnsZoneContract::organization).limit(200).toList();
        List<CompletableFuture<Void>> publishers = new ArrayList<>();
        for (int publisher = 0; publisher < 16; publisher++) {
            publishers.add(CompletableFuture.runAsync(() -> publishAll(organizations)));
        }
        publishers.forEach(CompletableFuture::join);

        Map<OrganizationId, Published> published = published();
        assertThat(organizations)
                .allSatisfy(organization -> assertThat(published).containsEntry(organization, new Published.At(HERE)));
        assertThat(server.query("SELECT count(*) FROM (SELECT name, type, content FROM records"
                        + " GROUP BY name, type, content HAVING count(*) > 1) AS duplicated"))
                .isEqualTo("0");
        withdrawAll(organizations);
    }

    @Test
    void aBadChangeFailsAloneInTheMiddleOfABatch() {
        ZoneWriter writer =
                new ZoneWriter(new PowerDnsClient(vertx, server.config(Map.of())), NAMES.zone(), 100, lost -> {});
        List<OrganizationId> organizations =
                Stream.generate(DnsZoneContract::organization).limit(9).toList();
        RrSet bad = new RrSet("bad." + NAMES.zone(), "A", List.of("not an address"), false);

        // the first change is under way alone while the others gather
        List<CompletableFuture<Void>> good = new ArrayList<>();
        organizations.subList(0, 5).forEach(id -> good.add(change(writer, id)));
        CompletableFuture<Void> failing = writer.write(new ZoneChange("bad", List.of(bad.replace(60)), List.of()))
                .subscribeAsCompletionStage();
        organizations.subList(5, 9).forEach(id -> good.add(change(writer, id)));

        assertThat(failing)
                .failsWithin(Duration.ofSeconds(10))
                .withThrowableThat()
                .havingRootCause()
                .isInstanceOf(PowerDnsRefusal.class);
        good.forEach(CompletableFuture::join);
        assertThat(published().keySet()).containsAll(organizations);
        withdrawAll(organizations);
    }

    private static CompletableFuture<Void> change(ZoneWriter writer, OrganizationId organization) {
        return writer.write(ZoneChange.publish(organization, HERE, NAMES, 60, ZoneReading.LEADING_TYPES))
                .subscribeAsCompletionStage();
    }

    @Test
    void anAliasAtOurNameIsReplaced() {
        OrganizationId organization = organization();
        patch(new RrSet(NAMES.gateway(organization), "CNAME", List.of(NAMES.zone()), false).replace(60));
        assertThat(published()).containsEntry(organization, new Published.Damaged());

        get(zone.publish(organization, HERE));

        assertThat(published()).containsEntry(organization, new Published.At(HERE));
    }

    @Test
    void anAddressOfTheOtherFamilyThatSomebodyAddedGoesOnceItWasSeen() {
        OrganizationId organization = organization();
        PowerDnsZone fresh = zone(Map.of());
        get(fresh.ensure());
        get(fresh.publish(organization, HERE));
        patch(RrSet.address(NAMES.gateway(organization), IPV6).replace(60));
        assertThat(get(fresh.published())).containsEntry(organization, new Published.Damaged());

        get(fresh.publish(organization, HERE));
        assertThat(get(fresh.published())).containsEntry(organization, new Published.At(HERE));

        get(fresh.withdraw(organization));
        assertThat(get(fresh.published())).doesNotContainKey(organization);
    }

    /** Held back behind the client: the server reads it when everybody has given it up and the opposite has been done. */
    @Test
    void aChangeThatLandsLongAfterItsAnswerWasLostDoesNotStand() throws Exception {
        OrganizationId organization = organization();
        try (HoldingProxy proxy = new HoldingProxy(vertx, server.apiPort())) {
            PowerDnsConfig config =
                    server.config(Map.of("timeout", "PT1S", "powerdns.url", "http://127.0.0.1:" + proxy.port()));
            PowerDnsZone behind = new PowerDnsZone(config, DOMAIN, vertx, new Doubts(Duration.ofSeconds(1)));
            // it was started again: that is how its names should stand
            behind.onDoubt(doubtful ->
                    doubtful.forEach(id -> behind.publish(id, HERE).subscribe().with(done -> {}, failure -> {})));
            get(behind.publish(organization, HERE));
            CompletableFuture<Void> late = proxy.holdNext();
            assertThatThrownBy(() -> get(behind.withdraw(organization))).isInstanceOf(DnsException.class);
            get(behind.publish(organization, HERE));

            late.complete(null);

            assertThat(proxy.heldStatus())
                    .succeedsWithin(Duration.ofSeconds(10))
                    .isEqualTo(204);
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> new Published.At(HERE).equals(published().get(organization)));
        }
        get(zone.withdraw(organization));
    }

    /** The whole way: calls fail at once while it is down, and work again within seconds after its return, without anybody's help. */
    @Test
    void aServerThatStaysDownIsLeftAloneUntilItIsBack() throws Exception {
        PowerDnsZone patient = zone(Map.of());
        OrganizationId organization = organization();
        server.stop();
        try {
            for (int call = 0; call < 3; call++) {
                assertThatThrownBy(() -> get(patient.publish(organization, HERE)))
                        .isInstanceOf(DnsException.class);
            }
            assertThat(patient.available()).isFalse();
            assertThatThrownBy(() -> get(patient.published()))
                    .isInstanceOf(DnsException.class)
                    .hasMessageContaining("not asked for a moment");
            assertThatThrownBy(() -> get(patient.ping())).isInstanceOf(DnsException.class);
        } finally {
            server.start();
        }
        get(patient.ping());
        await().atMost(Duration.ofSeconds(5)).until(patient::available);
        get(patient.publish(organization, HERE));
        assertThat(dns.address(DOMAIN.organization(organization))).contains(HERE.value());
    }

    @Test
    void aWrongKeyIsAFailureThatDoesNotTellIt() {
        DnsZone stranger = zone(Map.of("powerdns.api-key", "a-wrong-secret"));

        assertThatThrownBy(() -> get(stranger.publish(organization(), HERE)))
                .isInstanceOf(DnsException.class)
                .hasStackTraceContaining("401")
                .satisfies(failure -> assertThat(stackTrace(failure)).doesNotContain("a-wrong-secret"));
    }

    @Test
    void publishingIntoAMissingZoneFails() {
        DnsZone nowhere = new PowerDnsZone(server.config(Map.of()), new Domain("missing.it.local"), vertx);

        assertThatThrownBy(() -> get(nowhere.publish(organization(), HERE))).isInstanceOf(DnsException.class);
        assertThatThrownBy(() -> get(nowhere.published())).isInstanceOf(DnsException.class);
    }

    /** Not an assertion: what changes cost on this machine. */
    @Test
    void measuresChanges() {
        for (int round = 0; round < 3; round++) {
            OrganizationId organization = organization();
            long one = millis(() -> get(zone.publish(organization, HERE)));
            long none = millis(() -> get(zone.withdraw(organization)));
            List<OrganizationId> hundred =
                    Stream.generate(DnsZoneContract::organization).limit(100).toList();
            long many = millis(() -> publishAll(hundred));
            long read = millis(this::published);
            withdrawAll(hundred);
            System.out.printf("publish %d ms, withdraw %d ms, 100 at once %d ms, read %d ms%n", one, none, many, read);
        }
    }

    private static long millis(Runnable work) {
        long start = System.nanoTime();
        work.run();
        return (System.nanoTime() - start) / 1_000_000;
    }

    private static void publishAll(List<OrganizationId> organizations) {
        get(Uni.join()
                .all(organizations.stream().map(id -> zone.publish(id, HERE)).toList())
                .andFailFast());
    }

    private static void withdrawAll(List<OrganizationId> organizations) {
        get(Uni.join().all(organizations.stream().map(zone::withdraw).toList()).andFailFast());
    }

    private static PowerDnsZone zone(Map<String, String> overrides) {
        return new PowerDnsZone(server.config(overrides), DOMAIN, vertx);
    }

    private static void patch(JsonObject change) {
        get(new PowerDnsClient(vertx, server.config(Map.of())).patch(NAMES.zone(), List.of(change), () -> {}));
    }

    private static String stackTrace(Throwable failure) {
        StringWriter text = new StringWriter();
        failure.printStackTrace(new PrintWriter(text));
        return text.toString();
    }

    @Override
    protected DnsZone zone() {
        return zone;
    }

    @Override
    protected void damage(OrganizationId organization) {
        HostAddress wrong = ELSEWHERE;
        patch(RrSet.address(NAMES.wildcard(organization), wrong).replace(60));
    }
}
