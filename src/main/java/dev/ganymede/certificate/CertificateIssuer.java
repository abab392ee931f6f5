package dev.ganymede.certificate;

import io.smallrye.mutiny.Uni;
import java.util.List;

/**
 * Issues certificates for names of the environment's domain.
 *
 * <p>Idempotent: the same names get the stored certificate until it nears its end. Survives a restart, and being killed in the middle: a
 * certificate is whole or absent. Safe for concurrent use; blocking work runs on worker threads.
 */
public interface CertificateIssuer {

    /**
     * A certificate that covers exactly these names.
     *
     * @param names DNS names, the first one is also the subject; a name may begin with {@code *.}
     */
    Uni<KeyAndChain> issue(List<String> names);

    /** Removes what is stored for these names, whose certificate nobody needs any more. Absent: nothing happens. */
    Uni<Void> forget(List<String> names);

    /** The authority's own certificate (PEM), which clients must trust. */
    Uni<String> rootPem();
}
