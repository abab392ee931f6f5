package dev.ganymede.collab;

import dev.ganymede.id.Endpoint;
import dev.ganymede.id.Generation;
import dev.ganymede.id.OrganizationId;
import dev.ganymede.secret.Secret;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.Optional;

/** Talks to a gateway's own HTTP API inside its container (seed 004 "Existing handshake flow", step 3). */
public interface GatewayProcess {

    /**
     * Hands the gateway over: it redeems the token at {@code /gateway/config}, pulls, loads, and answers. Not idempotent and never retried on the same gateway: a
     * token works once. Never fails; a gateway that is slow, gone or talks nonsense is a result.
     */
    Uni<StartAnswer> start(Endpoint gateway, Secret handshakeToken, Duration timeout);

    /** Asks {@code GET /health}. Never fails; no answer in time, or nonsense, is a result. */
    Uni<HealthAnswer> health(Endpoint gateway, Duration timeout);

    /** Outcome of {@link #health}. */
    sealed interface HealthAnswer {

        /**
         * It answered.
         *
         * @param state its own word: {@code starting}, {@code ready}, {@code serving} or {@code stopping}
         * @param organization whom it serves, with which generation; both absent when nobody
         * @param connections of clients, open now
         */
        record Healthy(
                String state, Optional<OrganizationId> organization, Optional<Generation> generation, int connections)
                implements HealthAnswer {}

        /** No answer in time, or nonsense; the reason is for operators. */
        record Missed(String reason) implements HealthAnswer {}
    }

    /** Outcome of {@link #start}. */
    sealed interface StartAnswer {

        /** The gateway says that it has loaded the organization. */
        record Loaded() implements StartAnswer {}

        /** It can't load the organization's data; another gateway would say the same. */
        record Unloadable() implements StartAnswer {}

        /** It said no, or nothing, or nonsense; the reason is for operators. */
        record Failed(String reason) implements StartAnswer {}
    }
}
