package dev.ganymede.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganymede.id.Endpoint;
import dev.ganymede.id.Generation;
import dev.ganymede.id.OrganizationId;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What every edge does. Whoever runs it says how a visitor sees a route. */
public abstract class EdgeRoutesContract {

    protected static final Duration PATIENCE = Duration.ofSeconds(20);

    protected abstract EdgeRoutes edge();

    /** An address where something answers, one of two. */
    protected abstract Endpoint gateway(int number);

    /** The gateway that serves a new visitor of the organization. */
    protected abstract Optional<Endpoint> visit(OrganizationId organization);

    @Test
    public void aPublishedRouteIsServedWhenTheCallEnds() {
        Route route = route(1, 1);
        run(edge().publish(route));
        assertThat(visit(route.organization())).contains(route.gateway());
    }

    @Test
    public void aRouteReplacesTheOrganizationsEarlierOne() {
        Route first = route(1, 1);
        Route second = new Route(first.organization(), gateway(2), new Generation(2));
        run(edge().publish(first));
        run(edge().publish(second));
        assertThat(visit(first.organization())).contains(second.gateway());
        assertThat(published()).containsEntry(first.organization(), second).hasSize(1);
    }

    @Test
    public void publishingTwiceIsTheSameAsOnce() {
        Route route = route(1, 1);
        run(edge().publish(route));
        run(edge().publish(route));
        assertThat(published()).isEqualTo(Map.of(route.organization(), route));
        assertThat(visit(route.organization())).contains(route.gateway());
    }

    @Test
    public void aWithdrawnRouteIsServedNoMore() {
        Route route = route(1, 1);
        Route other = route(2, 1);
        run(edge().publish(route));
        run(edge().publish(other));
        run(edge().withdraw(route.organization()));
        assertThat(visit(route.organization())).isEmpty();
        assertThat(visit(other.organization())).contains(other.gateway());
        assertThat(published()).isEqualTo(Map.of(other.organization(), other));
    }

    @Test
    public void withdrawingWhatIsNotThereDoesNothing() {
        Route route = route(1, 1);
        run(edge().publish(route));
        run(edge().withdraw(new OrganizationId(UUID.randomUUID())));
        assertThat(published()).isEqualTo(Map.of(route.organization(), route));
    }

    @Test
    public void replacingAllLeavesExactlyThose() {
        Route leaves = route(1, 1);
        Route stays = route(2, 3);
        Route comes = route(1, 9);
        run(edge().publish(leaves));
        run(edge().publish(stays));
        run(edge().replaceAll(List.of(stays, comes)));
        assertThat(published()).isEqualTo(Map.of(stays.organization(), stays, comes.organization(), comes));
        assertThat(visit(leaves.organization())).isEmpty();
        assertThat(visit(stays.organization())).contains(stays.gateway());
        assertThat(visit(comes.organization())).contains(comes.gateway());
    }

    @Test
    public void replacingAllWithNothingEmptiesTheEdge() {
        run(edge().publish(route(1, 1)));
        run(edge().replaceAll(List.of()));
        assertThat(published()).isEmpty();
    }

    @Test
    public void changesAtTheSameTimeAreAllServed() {
        List<Route> routes = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            routes.add(route(1 + i % 2, i + 1));
        }
        run(Uni.join().all(routes.stream().map(edge()::publish).toList()).andFailFast());
        assertThat(published()).hasSize(20);
        for (Route route : routes) {
            assertThat(visit(route.organization())).contains(route.gateway());
        }
    }

    @Test
    public void ensuringAgainKeepsTheRoutes() {
        Route route = route(1, 1);
        run(edge().publish(route));
        run(edge().ensure());
        assertThat(visit(route.organization())).contains(route.gateway());
    }

    @Test
    public void anEdgeThatRunsIsAvailableAndAnswersAPing() {
        assertThat(edge().available()).isTrue();
        run(edge().ping());
    }

    protected final Route route(int gateway, long generation) {
        return new Route(new OrganizationId(UUID.randomUUID()), gateway(gateway), new Generation(generation));
    }

    protected final Map<OrganizationId, Route> published() {
        return edge().published().await().atMost(PATIENCE);
    }

    protected static void run(Uni<?> call) {
        call.await().atMost(PATIENCE);
    }
}
