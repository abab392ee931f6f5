package dev.ganymede.faults;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** The environment under test with all that the scenarios need of it; one for the whole run. */
final class World {

    /** Within which everything converges after a fault (the issue's own promise). */
    static final Duration CONVERGENCE = Duration.ofSeconds(10);

    /** For what has no promise of its own: healing after a part came back, containers of a whole pool made anew. */
    static final Duration GENEROUS = Duration.ofSeconds(60);

    private static World open;

    final Environment environment = Environment.current();
    final Api api = new Api(environment);
    final Service service = new Service(environment, api);
    final Parts parts = new Parts(environment);
    final Docker docker = new Docker(environment);
    final Database database = new Database(environment);
    final Zone zone = new Zone(environment);
    final Routes routes = new Routes(environment);
    final Edge edge = new Edge(environment);
    final Invariants invariants = new Invariants(this);
    final Figures figures = new Figures();

    static synchronized World open() {
        if (open == null) {
            open = new World();
        }
        return open;
    }

    /** Organizations of one scenario, each with a member and a project; the same ids in every run. */
    List<Organization> organizations(String scenario, int count) {
        List<Organization> made = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            made.add(Organization.make(
                    api, UUID.nameUUIDFromBytes((scenario + i).getBytes(StandardCharsets.UTF_8)), scenario + " " + i));
        }
        return made;
    }

    /** Brings it up, whatever it takes; the allocation that serves it. */
    Serving serve(UUID organization) {
        org.awaitility.Awaitility.await("a gateway for " + organization)
                .atMost(GENEROUS)
                .until(() -> api.start(organization).ok());
        return serving(organization);
    }

    Serving serving(UUID organization) {
        return Serving.all(database).stream()
                .filter(each -> each.organization().equals(organization))
                .findFirst()
                .orElseThrow(() -> new AssertionError(organization + " is not served"));
    }

    /** Every organization stopped, every part at work, everything in order. */
    Duration rest() {
        parts.act("start");
        service.ensureRunning();
        Serving.all(database).forEach(each -> api.stop(each.organization()));
        return invariants.await(GENEROUS);
    }
}
