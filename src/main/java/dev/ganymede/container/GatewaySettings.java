package dev.ganymede.container;

import io.smallrye.mutiny.Uni;
import java.net.URI;
import java.util.Optional;

/**
 * How a gateway finds and trusts Ganymede; handed into every container at its creation.
 *
 * <p>The answers belong to the edge and to the certificates, which this package must not know: the wiring implements it.
 */
public interface GatewaySettings {

    /** Ganymede's public address through the edge, {@code https://ganymede.<domain>[:port]}. */
    URI ganymedeUrl();

    /** Certificate (PEM) of the authority behind that address; empty when every client trusts it already. */
    Uni<Optional<String>> authorityPem();
}
