package dev.ganymede.edge.nginx;

import dev.ganymede.id.Endpoint;

/** Names of nginx upstreams: {@code gw_<host>_<port>}, reversible, since a host has no underscore ({@code :} becomes one). */
final class Gateways {

    private static final String PREFIX = "gw_";

    private Gateways() {}

    static String upstream(Endpoint gateway) {
        return PREFIX + gateway.host().replace(':', '_') + "_" + gateway.port();
    }

    /** The gateway behind an upstream's name; {@link IllegalArgumentException} when the name is none of ours. */
    static Endpoint endpoint(String upstream) {
        int port = upstream.lastIndexOf('_');
        if (!upstream.startsWith(PREFIX) || port <= PREFIX.length()) {
            throw new IllegalArgumentException("not an upstream of a gateway: " + upstream);
        }
        String host = upstream.substring(PREFIX.length(), port).replace('_', ':');
        return new Endpoint(host, Integer.parseInt(upstream.substring(port + 1)));
    }
}
