package dev.ganymede.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ganymede.id.Endpoint;
import dev.ganymede.id.OrganizationId;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The fake keeps the contract, so tests that use it may believe it. */
class EdgeRoutesContractTest extends EdgeRoutesContract {

    private final FakeEdgeRoutes edge = new FakeEdgeRoutes();

    @Override
    protected EdgeRoutes edge() {
        return edge;
    }

    @Override
    protected Endpoint gateway(int number) {
        return new Endpoint("127.0.0.1", 7099 + number);
    }

    @Override
    protected Optional<Endpoint> visit(OrganizationId organization) {
        return edge.routeOf(organization).map(Route::gateway);
    }

    @Test
    void failsAsOftenAsToldAndChangesNothing() {
        edge.failNext(1);
        Route route = route(1, 1);
        assertThatThrownBy(() -> run(edge.publish(route))).isInstanceOf(EdgeException.class);
        assertThat(published()).isEmpty();
        run(edge.publish(route));
    }

    @Test
    void aStoppedEdgeFailsToPublishButKeepsTheRouteForItsStart() {
        edge.stop();
        Route route = route(1, 1);
        assertThatThrownBy(() -> run(edge.publish(route))).hasMessage("edge is not running");
        assertThat(published()).containsEntry(route.organization(), route);
    }

    @Test
    void anUnavailableEdgeFailsChangesAtOnceAndStillAnswersAPing() {
        edge.unavailable(true);
        assertThat(edge.available()).isFalse();
        assertThatThrownBy(() -> run(edge.publish(route(1, 1)))).isInstanceOf(EdgeException.class);
        run(edge.ping());
        edge.unavailable(false);
        assertThat(edge.available()).isTrue();
    }
}
