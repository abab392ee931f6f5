package dev.ganymede.dns.powerdns;

import dev.ganymede.dns.DnsChallenges;
import dev.ganymede.dns.DnsException;
import dev.ganymede.dns.DnsZone;
import dev.ganymede.dns.HostAddress;
import dev.ganymede.flow.CallersContext;
import dev.ganymede.id.Domain;
import dev.ganymede.id.OrganizationId;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/** The environment's zone in PowerDNS, and the challenges in it. Every change goes through the one {@link ZoneWriter}. */
@ApplicationScoped
class PowerDnsZone implements DnsZone, DnsChallenges {

    private static final Logger LOG = Logger.getLogger(PowerDnsZone.class);

    private static final Duration LOOK_EVERY = Duration.ofSeconds(2);

    private final PowerDnsConfig config;
    private final ZoneNames names;
    private final PowerDnsClient client;
    private final ZoneWriter writer;
    private final Doubts doubts;
    private final LeadingTypes types = new LeadingTypes();

    @Inject
    PowerDnsZone(PowerDnsConfig config, @ConfigProperty(name = "ganymede.domain") Domain domain, Vertx vertx) {
        this(config, domain, vertx, new Doubts(LOOK_EVERY));
    }

    PowerDnsZone(PowerDnsConfig config, Domain domain, Vertx vertx, Doubts doubts) {
        this.config = config;
        this.doubts = doubts;
        types.written(config.hostAddress().recordType());
        this.names = new ZoneNames(domain);
        this.client = new PowerDnsClient(vertx, config);
        this.writer = new ZoneWriter(client, names.zone(), config.queueLimit(), this::lost);
    }

    @Override
    public Uni<Map<OrganizationId, Published>> ensure() {
        return guarded(
                "prepare the zone",
                client.read(names.zone())
                        .chain(found -> found.map(rrsets -> Uni.createFrom().item(rrsets))
                                .orElseGet(this::createAndRead))
                        .chain(rrsets -> complete(rrsets).replaceWith(() -> reading(rrsets))));
    }

    private Uni<List<RrSet>> createAndRead() {
        return client.create(newZone())
                .invoke(() -> LOG.infof("made the zone %s", names.zone()))
                .onFailure(failure -> failure instanceof PowerDnsRefusal refusal && refusal.isConflict())
                .recoverWithNull()
                .chain(() -> client.read(names.zone()))
                .map(found -> found.orElseThrow(() -> new DnsException("the zone vanished right after its creation")));
    }

    private JsonObject newZone() {
        return new JsonObject()
                .put("name", names.zone())
                .put("kind", "Native")
                .put("nameservers", new JsonArray().add(names.nameServer()));
    }

    private Uni<Void> complete(List<RrSet> present) {
        List<JsonObject> changes = EnvironmentRecords.missing(present, names, config);
        return changes.isEmpty()
                ? Uni.createFrom().voidItem()
                : writer.write(new ZoneChange("the environment's names", changes, List.of()));
    }

    @Override
    public Uni<Void> publish(OrganizationId organization, HostAddress address) {
        types.written(address.recordType());
        return writer.write(ZoneChange.publish(organization, address, names, config.ttlSeconds(), types.possible()));
    }

    @Override
    public Uni<Void> withdraw(OrganizationId organization) {
        return writer.write(ZoneChange.withdraw(organization, names, types.possible()));
    }

    @Override
    public Uni<Map<OrganizationId, Published>> published() {
        return guarded(
                "read the zone",
                client.read(names.zone()).map(Optional::orElseThrow).map(this::reading));
    }

    private Map<OrganizationId, Published> reading(List<RrSet> rrsets) {
        types.read(rrsets, names);
        return ZoneReading.of(rrsets, names);
    }

    @Override
    public void onDoubt(Consumer<Set<OrganizationId>> listener) {
        doubts.tell(listener);
    }

    /** The environment's own names never change their mind, so no older change of them can be wrong. */
    private void lost(Set<String> keys) {
        doubts.lost(keys.stream()
                .flatMap(key -> names.parse(key).stream())
                .map(ZoneNames.Owned::organization)
                .collect(Collectors.toUnmodifiableSet()));
    }

    @Override
    public Uni<Void> present(String name, Set<String> values) {
        return writer.write(ChallengeRecords.present(name, values, names));
    }

    @Override
    public Uni<Void> clear(String name) {
        return writer.write(ChallengeRecords.clear(name, names));
    }

    @Override
    public Uni<Set<String>> standing() {
        return guarded(
                "read the zone",
                client.read(names.zone())
                        .map(Optional::orElseThrow)
                        .map(rrsets -> ChallengeRecords.standing(rrsets, names)));
    }

    @Override
    public boolean available() {
        return client.available();
    }

    @Override
    public Uni<Void> ping() {
        return guarded("reach PowerDNS", client.ping());
    }

    private static <T> Uni<T> guarded(String what, Uni<T> work) {
        return CallersContext.resume(work)
                .onFailure(failure -> !(failure instanceof DnsException))
                .transform(cause -> new DnsException("could not " + what, cause));
    }
}
