package dev.ganymede.certificate;

import io.smallrye.mutiny.Uni;
import java.net.URI;
import java.security.KeyPair;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * A certificate authority elsewhere, with which a certificate takes three steps. Whoever is killed between two of them goes on with the order's address; a step that
 * was done already is not done again.
 *
 * <p>Each step is bounded in time and fails with {@link OrderException} only. One order for a name at a time.
 */
public interface RemoteAuthority {

    /** What tells its orders and certificates from those of another authority. */
    String name();

    /** All steps of one order together take no longer. */
    Duration longestOrder();

    /**
     * Orders a certificate for these names.
     *
     * @return where the order is found from now on
     */
    Uni<URI> place(List<String> names);

    /** Completes when the authority believes that the order's names are ours. */
    Uni<Void> prove(URI order);

    /**
     * Completes with the certificate and those behind it (PEM). This is what the authority's rate limits count.
     *
     * @param keys the same ones each time
     */
    Uni<String> finish(URI order, List<String> names, KeyPair keys);

    /**
     * Removes proofs that killed orders left behind.
     *
     * @param underWay the first names of orders whose proofs stay
     */
    Uni<Void> clearProofs(Set<String> underWay);
}
