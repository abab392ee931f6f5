package dev.ganymede.bench.routes;

import java.util.List;

/** A proxy that sends each organization's name to a gateway of its own, and is told of changes one by one. */
interface Side extends AutoCloseable {

    String name();

    /** What of a change survives a crash of the machine, in a few words. */
    String survives();

    /** Starts it with a route for each of these organizations, all to this gateway. */
    void start(List<Tenant> tenants, int gatewayPort) throws Exception;

    /** Returns when its own interface says that the change is made. */
    void move(Tenant tenant, int gatewayPort) throws Exception;

    /** Where visitors come in. */
    Wire.Entrance entrance();

    /** Processes that serve visitors. */
    default long workers() {
        return 1;
    }

    @Override
    void close();
}
