package dev.ganymede.allocation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganymede.dns.DnsZone.Published;
import dev.ganymede.dns.HostAddress;
import dev.ganymede.edge.Route;
import dev.ganymede.gateway.Allocation;
import dev.ganymede.gateway.AllocationState;
import dev.ganymede.id.AllocationId;
import dev.ganymede.id.Endpoint;
import dev.ganymede.id.GatewayId;
import dev.ganymede.id.Generation;
import dev.ganymede.id.OrganizationId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The rules of names as a table: what is published, who is live, and the whole plan that follows. */
class NamesPlannerTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final HostAddress OURS = new HostAddress("192.0.2.1");
    private static final Endpoint GATEWAY = new Endpoint("127.0.0.1", 7100);
    private static final OrganizationId A = new OrganizationId(new UUID(0, 1));
    private static final OrganizationId B = new OrganizationId(new UUID(0, 2));

    private static final AllocationState SERVING = new AllocationState.Serving(NOW);
    private static final AllocationState HANDSHAKING = new AllocationState.Handshaking(NOW.plusSeconds(10));
    private static final Published RECORDS = new Published.At(OURS);
    private static final Route ROUTE = new Route(A, GATEWAY, new Generation(7));
    private static final Route ROUTE_OF_B = new Route(B, new Endpoint("127.0.0.1", 7101), new Generation(1));

    private static final NamesAction NO_RECORDS = new NamesAction.PublishRecords(A, "its records are missing");
    private static final NamesAction DAMAGED = new NamesAction.PublishRecords(A, "its records are damaged");
    private static final NamesAction NO_ROUTE = new NamesAction.PublishRoute(A, "its route is missing");
    private static final NamesAction ELSEWHERE = new NamesAction.PublishRoute(A, "its route leads elsewhere");
    private static final NamesAction RECORDS_OF_B = new NamesAction.WithdrawRecords(B, "nobody serves it");
    private static final NamesAction A_ROUTE_OF_B = new NamesAction.WithdrawRoute(B, "nobody serves it");

    /** A look: {@code live} is organization A's allocation, when it has one. */
    private record Seen(
            Optional<Map<OrganizationId, Published>> records,
            Optional<Map<OrganizationId, Route>> routes,
            List<Allocation> live,
            Set<OrganizationId> queued) {

        static Seen serving(Map<OrganizationId, Published> records, Map<OrganizationId, Route> routes) {
            return new Seen(Optional.of(records), Optional.of(routes), List.of(allocation(SERVING)), Set.of());
        }

        static Seen handshaking(Map<OrganizationId, Published> records, Map<OrganizationId, Route> routes) {
            return new Seen(Optional.of(records), Optional.of(routes), List.of(allocation(HANDSHAKING)), Set.of());
        }

        static Seen queued(Map<OrganizationId, Published> records, Map<OrganizationId, Route> routes) {
            return new Seen(Optional.of(records), Optional.of(routes), List.of(), Set.of(A));
        }

        Seen withoutRecords() {
            return new Seen(Optional.empty(), routes, live, queued);
        }

        Seen withoutRoutes() {
            return new Seen(records, Optional.empty(), live, queued);
        }
    }

    static Stream<Arguments> looks() {
        Map<OrganizationId, Published> records = Map.of(A, RECORDS);
        Map<OrganizationId, Route> routes = Map.of(A, ROUTE);
        Map<OrganizationId, Published> recordsOfBoth = Map.of(A, RECORDS, B, RECORDS);
        Map<OrganizationId, Route> routesOfBoth = Map.of(A, ROUTE, B, ROUTE_OF_B);
        Published altered = new Published.At(new HostAddress("198.51.100.9"));
        Published half = new Published.Damaged();
        Route otherEndpoint = new Route(A, new Endpoint("127.0.0.1", 7199), ROUTE.generation());
        Route otherGeneration = new Route(A, GATEWAY, new Generation(6));
        return Stream.of(
                row("all as it should be", Seen.serving(records, routes)),
                row("its record was deleted by hand", Seen.serving(Map.of(), routes), NO_RECORDS),
                row(
                        "its record was altered by hand",
                        Seen.serving(Map.of(A, altered), routes),
                        new NamesAction.PublishRecords(A, "its records point at 198.51.100.9")),
                row("one of its two records is there", Seen.serving(Map.of(A, half), routes), DAMAGED),
                row("its route is missing", Seen.serving(records, Map.of()), NO_ROUTE),
                row("its route leads to another endpoint", Seen.serving(records, Map.of(A, otherEndpoint)), ELSEWHERE),
                row(
                        "its route is an earlier generation's",
                        Seen.serving(records, Map.of(A, otherGeneration)),
                        ELSEWHERE),
                row("all is lost", Seen.serving(Map.of(), Map.of()), NO_RECORDS, NO_ROUTE),
                row("extra records", Seen.serving(recordsOfBoth, routes), RECORDS_OF_B),
                row("extra records, half there", Seen.serving(Map.of(A, RECORDS, B, half), routes), RECORDS_OF_B),
                row("an extra route", Seen.serving(records, routesOfBoth), A_ROUTE_OF_B),
                row(
                        "extras of one, losses of another",
                        Seen.serving(Map.of(B, RECORDS), Map.of(B, ROUTE_OF_B)),
                        NO_RECORDS,
                        NO_ROUTE,
                        RECORDS_OF_B,
                        A_ROUTE_OF_B),
                row("a handshake publishes by itself", Seen.handshaking(Map.of(), Map.of())),
                row(
                        "a handshake's names are not judged",
                        Seen.handshaking(Map.of(A, half), Map.of(A, otherGeneration))),
                row("who waits for a gateway keeps its names", Seen.queued(records, routes)),
                row("who waits for a gateway is left as it is", Seen.queued(Map.of(A, half), Map.of())),
                row(
                        "the zone can't be read: routes are judged",
                        Seen.serving(Map.of(), Map.of()).withoutRecords(),
                        NO_ROUTE),
                row(
                        "the zone can't be read: extra routes go",
                        Seen.serving(recordsOfBoth, routesOfBoth).withoutRecords(),
                        A_ROUTE_OF_B),
                row(
                        "the edge can't be read: records are judged",
                        Seen.serving(Map.of(), Map.of()).withoutRoutes(),
                        NO_RECORDS),
                row(
                        "the edge can't be read: extra records go",
                        Seen.serving(recordsOfBoth, routesOfBoth).withoutRoutes(),
                        RECORDS_OF_B),
                row(
                        "neither can be read",
                        Seen.serving(Map.of(), Map.of()).withoutRecords().withoutRoutes()),
                row(
                        "its gateway has no address: nowhere to lead to",
                        new Seen(
                                Optional.of(records),
                                Optional.of(Map.of()),
                                List.of(allocation(SERVING, Optional.empty())),
                                Set.of())));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("looks")
    void plans(String name, NamesObservation seen, NamesPlan expected) {
        assertThat(NamesPlanner.plan(seen)).isEqualTo(expected);
    }

    private static Arguments row(String name, Seen seen, NamesAction... expected) {
        return Arguments.of(
                name,
                new NamesObservation(OURS, seen.records(), seen.routes(), seen.live(), seen.queued()),
                new NamesPlan(List.of(expected)));
    }

    private static Allocation allocation(AllocationState state) {
        return allocation(state, Optional.of(GATEWAY));
    }

    private static Allocation allocation(AllocationState state, Optional<Endpoint> endpoint) {
        return new Allocation(
                new AllocationId(new UUID(1, 1)), A, new GatewayId(new UUID(2, 1)), new Generation(7), state, endpoint);
    }
}
