package dev.ganymede.access;

import dev.ganymede.id.Domain;
import dev.ganymede.id.GatewayId;
import dev.ganymede.id.Generation;
import dev.ganymede.id.OrganizationId;
import dev.ganymede.id.UserId;
import io.smallrye.jwt.algorithm.SignatureAlgorithm;
import io.smallrye.jwt.build.Jwt;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;

/**
 * Short-lived tokens (JWT, ES256) with which one member may open WebSockets on one allocation's gateway; the gateway verifies them without asking
 * anybody.
 */
@ApplicationScoped
public class AccessTokens {

    private final SigningKey key;
    private final Domain domain;
    private final AccessConfig config;
    private final Clock clock;

    AccessTokens(SigningKey key, Domain domain, AccessConfig config, Clock clock) {
        this.key = key;
        this.domain = domain;
        this.config = config;
        this.clock = clock;
    }

    /** The allocation that a token is for. */
    public record Audience(OrganizationId organization, GatewayId gateway, Generation generation) {}

    /** A token and when it ends. */
    public record AccessToken(String value, Instant expiresAt) {

        @Override
        public String toString() {
            return "AccessToken[expiresAt=" + expiresAt + "]";
        }
    }

    /** What a gateway needs to verify tokens. */
    public record Verification(String issuer, String audience, Jwks jwks) {}

    /** A JSON Web Key Set (RFC 7517). */
    public record Jwks(List<SigningKey.Jwk> keys) {}

    /** A token for this member; whether they are one is the caller's to know. */
    public AccessToken issue(UserId user, Audience audience) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        Instant expiresAt = now.plus(config.tokenLifetime());
        String token = Jwt.issuer(issuer())
                .subject(user.toString())
                .audience(domain.organization(audience.organization()))
                .claim("organization_id", audience.organization().toString())
                .claim("gateway_id", audience.gateway().toString())
                .claim("generation", audience.generation().value())
                .claim("jti", UUID.randomUUID().toString())
                .issuedAt(now)
                .expiresAt(expiresAt)
                .jws()
                .algorithm(SignatureAlgorithm.ES256)
                .keyId(key.publicKey().kid())
                .sign(key.privateKey());
        return new AccessToken(token, expiresAt);
    }

    /** How the organization's gateway verifies them. */
    public Verification verification(OrganizationId organization) {
        return new Verification(issuer(), domain.organization(organization), new Jwks(List.of(key.publicKey())));
    }

    private String issuer() {
        return "https://" + domain.ganymede();
    }
}
