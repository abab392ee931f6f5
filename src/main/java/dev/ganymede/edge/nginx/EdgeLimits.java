package dev.ganymede.edge.nginx;

import java.time.Duration;

/**
 * What the edge takes from clients.
 *
 * @param headerKib a request's line, or one of its header fields
 * @param requestsPerSecond of one organization, with as many at once; 0 is no limit
 * @param connections of one organization, WebSockets and requests under way; 0 is no limit
 * @param hstsMaxAge how long browsers are to ask for nothing but HTTPS; zero says nothing of it
 */
record EdgeLimits(int bodyMib, int headerKib, int requestsPerSecond, int connections, Duration hstsMaxAge) {

    EdgeLimits {
        require(bodyMib > 0, "ganymede.edge.body-limit-mib must be positive");
        require(headerKib >= 4 && headerKib <= 1024, "ganymede.edge.header-limit-kib is 4 to 1024");
        require(requestsPerSecond >= 0, "ganymede.edge.organization-requests-per-second is 0 or more");
        require(connections >= 0 && connections <= 65_535, "ganymede.edge.organization-connections is 0 to 65535");
        require(!hstsMaxAge.isNegative(), "ganymede.edge.hsts-max-age is 0 or more");
    }

    private static void require(boolean condition, String message) {
        if (!condition) {
            throw new IllegalArgumentException(message);
        }
    }
}
