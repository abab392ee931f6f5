package dev.ganymede.collab;

import dev.ganymede.id.Endpoint;
import dev.ganymede.secret.Secret;
import io.smallrye.mutiny.Uni;
import java.time.Duration;

/** Talks to a gateway's own HTTP API inside its container (seed 004 "Existing handshake flow", step 3). */
public interface GatewayProcess {

    /**
     * Hands the gateway over: it redeems the token at {@code /gateway/config}, pulls, loads, and answers. Not idempotent and never retried on the same gateway: a
     * token works once. Never fails; a gateway that is slow, gone or talks nonsense is a result.
     */
    Uni<StartAnswer> start(Endpoint gateway, Secret handshakeToken, Duration timeout);

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
