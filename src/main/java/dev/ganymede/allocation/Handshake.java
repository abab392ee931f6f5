package dev.ganymede.allocation;

import dev.ganymede.access.AccessTokens;
import dev.ganymede.access.BearerToken;
import dev.ganymede.gateway.Allocation;
import dev.ganymede.gateway.AllocationRepository;
import dev.ganymede.gateway.Gateway;
import dev.ganymede.gateway.GatewayRepository;
import dev.ganymede.gateway.PoolChanged;
import dev.ganymede.organization.MemberRepository;
import dev.ganymede.organization.OrganizationRepository;
import dev.ganymede.organization.ProjectRepository;
import dev.ganymede.problem.Problem;
import dev.ganymede.problem.ProblemType;
import dev.ganymede.secret.Secret;
import dev.ganymede.secret.SecretHash;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import org.jboss.logging.Logger;

/** What gateways call: ready, and the redemption of the handshake token for the organization's configuration. */
@ApplicationScoped
class Handshake {

    private static final Logger LOG = Logger.getLogger(Handshake.class);

    private final AllocationRepository allocations;
    private final GatewayRepository gateways;
    private final OrganizationRepository organizations;
    private final ProjectRepository projects;
    private final MemberRepository members;
    private final AccessTokens accessTokens;
    private final Event<PoolChanged> poolChanged;

    Handshake(
            AllocationRepository allocations,
            GatewayRepository gateways,
            OrganizationRepository organizations,
            ProjectRepository projects,
            MemberRepository members,
            AccessTokens accessTokens,
            Event<PoolChanged> poolChanged) {
        this.allocations = allocations;
        this.gateways = gateways;
        this.organizations = organizations;
        this.projects = projects;
        this.members = members;
        this.accessTokens = accessTokens;
        this.poolChanged = poolChanged;
    }

    /** The container of this boot token may be allocated from now on. Idempotent. */
    Uni<Gateway> ready(SecretHash bootToken) {
        return gateways.ready(bootToken)
                .map(known -> known.orElseThrow(BearerToken::refused))
                .invoke(gateway -> LOG.debugf("gateway %s called ready", gateway.name()))
                .invoke(gateway -> poolChanged.fire(new PoolChanged("gateway " + gateway.name() + " is ready")));
    }

    /** Trades the handshake token for the organization's configuration and a gateway token; every refusal looks the same. */
    Uni<Configuration> redeem(SecretHash bootToken, SecretHash handshakeToken) {
        Secret gatewayToken = Secret.random();
        return gateways.findByBootToken(bootToken)
                .map(known -> known.orElseThrow(BearerToken::refused))
                .chain(gateway -> allocations.redeem(gateway.id(), handshakeToken, gatewayToken.hash()))
                .map(redeemed -> redeemed.orElseThrow(BearerToken::refused))
                .invoke(allocation -> TenancyLog.info(allocation, "handshake token redeemed"))
                .chain(allocation -> configuration(allocation, gatewayToken));
    }

    /** The configuration anew, for a gateway that already serves: a project was added, or its process was reloaded. */
    Uni<Configuration> refresh(SecretHash gatewayToken) {
        return allocations
                .findByGatewayToken(gatewayToken)
                .map(known -> known.orElseThrow(BearerToken::refused))
                .invoke(Handshake::requireLive)
                .chain(allocation -> configuration(allocation, null));
    }

    private Uni<Configuration> configuration(Allocation allocation, Secret gatewayToken) {
        return organizations.get(allocation.organization()).chain(organization -> projects.list(organization.id())
                .chain(rooms -> members.list(organization.id())
                        .map(people -> Configuration.of(
                                allocation,
                                organization,
                                rooms,
                                people,
                                gatewayToken,
                                accessTokens.verification(organization.id())))));
    }

    private static void requireLive(Allocation allocation) {
        if (!allocation.live()) {
            throw Problem.of(ProblemType.STALE_GENERATION, null);
        }
    }
}
