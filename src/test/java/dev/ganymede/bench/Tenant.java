package dev.ganymede.bench;

import io.vertx.core.buffer.Buffer;
import java.security.MessageDigest;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;

/** An organization that a gateway serves, as a start would have left it; the gateway is played. */
record Tenant(UUID organization, UUID gateway, String token) {

    private static final AtomicInteger SLOTS = new AtomicInteger();

    static Tenant create(Database database) throws Exception {
        int slot = SLOTS.getAndIncrement();
        Tenant tenant = new Tenant(
                UUID.randomUUID(),
                UUID.randomUUID(),
                // 43 characters of base64url, as a token has
                (UUID.randomUUID() + "-" + UUID.randomUUID()).substring(0, 43));
        database.run(
                "insert into organization (id, name, generation, created_at) values ($1, $2, 1, now())",
                tenant.organization,
                "Organization " + slot);
        database.run(
                """
                insert into gateway (id, node, slot, name, http_port, vpn_port, state, state_since, life, boot_token_hash)
                values ($1, 'bench', $2, $3, 7100, 49100, 'ALLOCATED', now(), gen_random_uuid(), sha256(uuid_send(gen_random_uuid())))
                """,
                tenant.gateway,
                slot,
                "gw-pool-" + slot);
        database.run(
                """
                insert into allocation (id, organization_id, gateway_id, generation, state, handshake_expires_at,
                    gateway_token_hash, started_at, serving_at)
                values (gen_random_uuid(), $1, $2, 1, 'SERVING', now(), $3, now(), now())
                """,
                tenant.organization,
                tenant.gateway,
                Buffer.buffer(MessageDigest.getInstance("SHA-256").digest(Content.ascii(tenant.token))));
        return tenant;
    }

    /** The fields that say whose call it is; the object is left open. */
    String open() {
        return "{\"organization_id\":\"" + organization + "\",\"gateway_id\":\"" + gateway + "\"";
    }
}
