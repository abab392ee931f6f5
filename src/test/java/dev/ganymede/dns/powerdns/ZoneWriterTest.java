package dev.ganymede.dns.powerdns;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganymede.dns.DnsException;
import dev.ganymede.dns.HostAddress;
import dev.ganymede.id.Domain;
import dev.ganymede.id.OrganizationId;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.core.Vertx;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The writer before a server that stops at the first bad record of a PATCH, as PowerDNS does, and remembers what it was sent. */
@Timeout(60)
class ZoneWriterTest {

    private static final HostAddress HERE = new HostAddress("127.0.0.7");
    /** The longest that a domain may be with an organization's names below it. */
    private static final ZoneNames NAMES =
            new ZoneNames(new Domain("a".repeat(52) + "." + "b".repeat(53) + "." + "c".repeat(52) + ".it"));

    private static final int POWERDNS_TAKES_BYTES = 2 * 1024 * 1024;

    private final Vertx vertx = Vertx.vertx();
    private final List<Integer> sizes = new ArrayList<>();
    private final Set<OrganizationId> bad = new HashSet<>();
    private final CompletableFuture<Void> gathered = new CompletableFuture<>();
    private int rrsetsRead;
    private boolean explains = true;
    private ZoneWriter writer;

    @BeforeEach
    void start() throws Exception {
        int port = vertx.getDelegate()
                .createHttpServer()
                .requestHandler(this::serve)
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .get(5, TimeUnit.SECONDS)
                .actualPort();
        PowerDnsConfig config = Settings.with(Map.of("timeout", "PT20S", "powerdns.url", "http://127.0.0.1:" + port));
        writer = new ZoneWriter(new PowerDnsClient(vertx, config), NAMES.zone(), 10_000, lost -> {});
    }

    @AfterEach
    void close() {
        vertx.closeAndAwait();
    }

    @Test
    void whatWaitsGoesIntoTheFewestPatchesThatTheServerTakes() {
        List<OrganizationId> organizations = organizations(4_000);

        assertThat(failed(organizations)).isEmpty();

        assertThat(sizes).allSatisfy(size -> assertThat(size).isLessThan(POWERDNS_TAKES_BYTES));
        long all = sizes.stream().mapToLong(size -> size).sum();
        // the first one went alone
        assertThat(sizes).hasSizeLessThanOrEqualTo((int) (all / ZoneWriter.MAX_PATCH_BYTES) + 2);
    }

    @Test
    void badOnesFailAloneAndTheOthersAreWrittenTwiceAtMost() {
        List<OrganizationId> organizations = organizations(500);
        List<OrganizationId> spread =
                List.of(organizations.get(1), organizations.get(2), organizations.get(250), organizations.get(499));
        bad.addAll(spread);

        assertThat(failed(organizations)).containsExactlyInAnyOrderElementsOf(spread);

        assertThat(rrsetsRead).isLessThan(2 * 4 * organizations.size() + 50);
        assertThat(sizes).hasSizeLessThan(6 * spread.size());
    }

    @Test
    void allBadCostsARequestOrThreeForEach() {
        List<OrganizationId> organizations = organizations(100);
        bad.addAll(organizations);

        assertThat(failed(organizations)).hasSize(100);

        assertThat(sizes).hasSizeLessThan(310);
    }

    @Test
    void aBadOneThatTheServerDoesNotNameIsFoundByHalving() {
        explains = false;
        List<OrganizationId> organizations = organizations(500);
        bad.add(organizations.get(300));

        assertThat(failed(organizations)).containsExactly(organizations.get(300));

        assertThat(sizes).hasSizeLessThan(25);
    }

    private static List<OrganizationId> organizations(int count) {
        List<OrganizationId> organizations = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            organizations.add(new OrganizationId(UUID.randomUUID()));
        }
        return organizations;
    }

    /** Publishes all of them; the server answers the first one when the others wait. */
    private List<OrganizationId> failed(List<OrganizationId> organizations) {
        List<CompletableFuture<Boolean>> outcomes = new ArrayList<>();
        for (OrganizationId organization : organizations) {
            outcomes.add(writer.write(ZoneChange.publish(organization, HERE, NAMES, 60, ZoneReading.LEADING_TYPES))
                    .replaceWith(true)
                    .onFailure(DnsException.class)
                    .recoverWithItem(false)
                    .subscribeAsCompletionStage());
        }
        gathered.complete(null);
        List<OrganizationId> failed = new ArrayList<>();
        for (int i = 0; i < organizations.size(); i++) {
            if (!outcomes.get(i).join()) {
                failed.add(organizations.get(i));
            }
        }
        return failed;
    }

    private void serve(HttpServerRequest request) {
        request.body()
                .onSuccess(
                        body -> gathered.thenRun(() -> vertx.getDelegate().runOnContext(now -> answer(request, body))));
    }

    private void answer(HttpServerRequest request, Buffer body) {
        sizes.add(body.length());
        Optional<String> wrong = firstBad(body.toJsonObject().getJsonArray("rrsets"));
        String error = explains ? "RRset " + wrong.orElse("") + " IN A: Conflicts with pre-existing RRset" : "no";
        request.response()
                .setStatusCode(wrong.isPresent() ? 422 : 204)
                .end(wrong.isPresent() ? new JsonObject().put("error", error).encode() : "");
    }

    private Optional<String> firstBad(JsonArray rrsets) {
        for (Object rrset : rrsets) {
            String name = ((JsonObject) rrset).getString("name");
            rrsetsRead++;
            if (bad.contains(NAMES.parse(name).orElseThrow().organization())) {
                return Optional.of(name);
            }
        }
        return Optional.empty();
    }
}
