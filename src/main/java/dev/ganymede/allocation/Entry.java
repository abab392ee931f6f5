package dev.ganymede.allocation;

import dev.ganymede.access.AccessTokens;
import dev.ganymede.access.AccessTokens.AccessToken;
import dev.ganymede.access.AccessTokens.Audience;
import dev.ganymede.gateway.Allocation;
import dev.ganymede.id.Domain;
import dev.ganymede.id.OrganizationId;
import dev.ganymede.id.UserId;
import dev.ganymede.organization.MemberRepository;
import dev.ganymede.organization.OrganizationRepository;
import dev.ganymede.problem.Problem;
import dev.ganymede.problem.ProblemType;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** The frontend's way into an organization: bring it up, and give the member what they need to connect. */
@ApplicationScoped
class Entry {

    private static final int HTTPS_PORT = 443;

    private final Start start;
    private final OrganizationRepository organizations;
    private final MemberRepository members;
    private final AccessTokens accessTokens;
    private final Domain domain;
    private final int httpsPort;

    Entry(
            Start start,
            OrganizationRepository organizations,
            MemberRepository members,
            AccessTokens accessTokens,
            Domain domain,
            @ConfigProperty(name = "ganymede.edge.https-port") int httpsPort) {
        this.start = start;
        this.organizations = organizations;
        this.members = members;
        this.accessTokens = accessTokens;
        this.domain = domain;
        this.httpsPort = httpsPort;
    }

    /** Starts the organization, or joins its start; with a user, only for a member, who gets an access token. */
    Uni<StartBody> open(OrganizationId organization, Optional<UserId> user) {
        return user.map(member -> requireMember(organization, member))
                .orElseGet(() -> Uni.createFrom().voidItem())
                .chain(() -> start.organization(organization))
                .map(serving -> body(serving, user));
    }

    private Uni<Void> requireMember(OrganizationId organization, UserId user) {
        return members.find(organization, user)
                .chain(found -> found.isPresent()
                        ? Uni.createFrom().voidItem()
                        // an unknown organization is said to be unknown
                        : organizations.get(organization).chain(() -> Uni.createFrom()
                                .failure(Problem.of(ProblemType.NOT_A_MEMBER, null))));
    }

    private StartBody body(Allocation serving, Optional<UserId> user) {
        String hostname = domain.organization(serving.organization());
        String authority = httpsPort == HTTPS_PORT ? hostname : hostname + ":" + httpsPort;
        Audience audience = new Audience(serving.organization(), serving.gateway(), serving.generation());
        Optional<AccessToken> token = user.map(member -> accessTokens.issue(member, audience));
        return new StartBody(
                serving.organization().value(),
                serving.gateway().value(),
                hostname,
                serving.generation().value(),
                serving.state().name().name(),
                "wss://" + authority + "/collab",
                token.map(AccessToken::value).orElse(null),
                token.map(AccessToken::expiresAt).orElse(null));
    }
}
