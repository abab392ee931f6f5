package dev.ganymede.gateway;

import dev.ganymede.id.LifeId;
import dev.ganymede.secret.SecretHash;
import java.util.Optional;

/**
 * A container's life that is about to begin.
 *
 * @param bootToken of the secret that only this container gets
 * @param image the engine's id of its image; absent: as configured
 */
public record NewLife(LifeId id, SecretHash bootToken, Optional<String> image) {}
