package dev.ganymede.faults;

import java.util.UUID;

/**
 * A live allocation, as the database has it.
 *
 * @param container the engine's id of the gateway's container
 */
record Serving(UUID organization, UUID gateway, long generation, String host, int port, String container) {

    private static final String SQL = "select a.organization_id, a.gateway_id, a.generation, g.host, g.http_port,"
            + " g.container_id from allocation a join gateway g on g.id = a.gateway_id where a.state = 'SERVING'";

    static java.util.List<Serving> all(Database database) {
        return database.query(
                SQL,
                row -> new Serving(
                        row.getObject(1, UUID.class),
                        row.getObject(2, UUID.class),
                        row.getLong(3),
                        row.getString(4),
                        row.getInt(5),
                        row.getString(6)));
    }

    /** What its route file has to say. */
    String route() {
        return organization + " gw_" + host.replace(':', '_') + "_" + port + "@" + generation + ";";
    }
}
