package dev.ganymede.id;

import java.util.regex.Pattern;

/** Where a gateway's HTTP port is reached from Ganymede and from the edge: the address of its node and a port. */
public record Endpoint(String host, int port) {

    /** IPv4, bracketless IPv6 or a host name; strict, since it is written into nginx's configuration. */
    private static final Pattern HOST = Pattern.compile("[0-9a-zA-Z]([0-9a-zA-Z.:-]{0,251}[0-9a-zA-Z])?");

    public Endpoint {
        if (host == null || !HOST.matcher(host).matches()) {
            throw new IllegalArgumentException("not a host: " + host);
        }
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("not a port: " + port);
        }
    }

    /** {@code host:port}, an IPv6 address in brackets. */
    public String authority() {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }

    @Override
    public String toString() {
        return authority();
    }
}
