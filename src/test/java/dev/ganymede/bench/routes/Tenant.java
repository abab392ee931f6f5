package dev.ganymede.bench.routes;

import java.util.UUID;

/** An organization, and the name under which it is visited. */
record Tenant(UUID id) {

    static final String DOMAIN = "bench.test";

    String host() {
        return "org-" + id + "." + DOMAIN;
    }
}
