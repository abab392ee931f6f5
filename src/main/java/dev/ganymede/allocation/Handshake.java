package dev.ganymede.allocation;

import dev.ganymede.access.AccessTokens;
import dev.ganymede.access.BearerToken;
import dev.ganymede.gateway.Allocation;
import dev.ganymede.gateway.AllocationRepository;
import dev.ganymede.gateway.Gateway;
import dev.ganymede.gateway.GatewayRepository;
import dev.ganymede.gateway.PoolChanged;
import dev.ganymede.organization.ProfileRepository;
import dev.ganymede.problem.Problem;
import dev.ganymede.problem.ProblemType;
import dev.ganymede.secret.Secret;
import dev.ganymede.secret.SecretHash;
import dev.ganymede.timeline.Stage;
import dev.ganymede.timeline.Timeline;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import java.time.Clock;
import org.jboss.logging.Logger;

/** What gateways call: ready, the redemption of the handshake token for the organization's configuration, and signs of life. */
@ApplicationScoped
class Handshake {

    private static final Logger LOG = Logger.getLogger(Handshake.class);

    private final AllocationRepository allocations;
    private final GatewayRepository gateways;
    private final ProfileRepository profiles;
    private final AccessTokens accessTokens;
    private final AllocationConfig config;
    private final Timeline timeline;
    private final Clock clock;
    private final Event<PoolChanged> poolChanged;

    Handshake(
            AllocationRepository allocations,
            GatewayRepository gateways,
            ProfileRepository profiles,
            AccessTokens accessTokens,
            AllocationConfig config,
            Timeline timeline,
            Clock clock,
            Event<PoolChanged> poolChanged) {
        this.allocations = allocations;
        this.gateways = gateways;
        this.profiles = profiles;
        this.accessTokens = accessTokens;
        this.config = config;
        this.timeline = timeline;
        this.clock = clock;
        this.poolChanged = poolChanged;
    }

    /** The container of this boot token may be allocated from now on. Idempotent. */
    Uni<Gateway> ready(SecretHash bootToken) {
        return gateways.ready(bootToken)
                .map(known -> known.orElseThrow(BearerToken::refused))
                .invoke(gateway -> {
                    LOG.debugf("gateway %s called ready", gateway.name());
                    poolChanged.fire(new PoolChanged("a gateway is ready"));
                });
    }

    /** Trades the handshake token for the organization's configuration and a gateway token; every refusal looks the same. */
    Uni<Configuration> redeem(SecretHash bootToken, SecretHash handshakeToken) {
        Secret gatewayToken = Secret.random();
        return allocations
                .redeem(bootToken, handshakeToken, gatewayToken.hash())
                .map(redeemed -> redeemed.orElseThrow(BearerToken::refused))
                .invoke(allocation -> {
                    TenancyLog.info(allocation, "handshake token redeemed");
                    timeline.reached(allocation, Stage.REDEEMED);
                })
                .chain(allocation -> configuration(allocation, gatewayToken));
    }

    /** The configuration anew, for a gateway that already serves: a project was added, or its process was reloaded. */
    Uni<Configuration> refresh(SecretHash gatewayToken) {
        return alive(gatewayToken).chain(allocation -> configuration(allocation, null));
    }

    /** A sign of life. Answers the gateway's live allocation; one that has ended is a problem, so that a gateway that missed it leaves. */
    Uni<Allocation> alive(SecretHash gatewayToken) {
        return allocations
                .alive(gatewayToken, clock.instant().plus(config.silenceTimeout()))
                .map(known -> known.orElseThrow(BearerToken::refused))
                .invoke(Handshake::requireLive);
    }

    private Uni<Configuration> configuration(Allocation allocation, Secret gatewayToken) {
        return profiles.get(allocation.organization())
                .map(profile -> Configuration.of(
                        allocation, profile, gatewayToken, accessTokens.verification(allocation.organization())));
    }

    private static void requireLive(Allocation allocation) {
        if (!allocation.live()) {
            throw Problem.of(ProblemType.STALE_GENERATION, null);
        }
    }
}
