package dev.ganymede.edge;

import dev.ganymede.id.OrganizationId;
import io.smallrye.mutiny.Uni;
import java.time.Duration;

/**
 * Asks an organization's gateway for its health the way a visitor would reach it: TLS, public name, through the edge (DESIGN §3 step 4).
 *
 * <p>Fails with {@link EdgeException} when nothing answers in time or the answer is no health. Not retried here.
 */
public interface EdgeProbe {

    /** One request; the answer tells which tenancy served it. */
    Uni<Answer> probe(OrganizationId organization, Duration timeout);

    /**
     * What answered.
     *
     * @param status HTTP status
     * @param body the gateway's {@code GET /health} body, JSON, at most 64 KiB
     */
    record Answer(int status, String body) {}
}
