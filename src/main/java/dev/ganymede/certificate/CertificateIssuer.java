package dev.ganymede.certificate;

import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Issues certificates for names of the environment's domain.
 *
 * <p>Idempotent: the same names get the stored certificate until it nears its end. Survives a restart, and being killed in the middle: a
 * certificate is whole or absent. Safe for concurrent use; blocking work runs on worker threads.
 */
public interface CertificateIssuer {

    /**
     * A certificate that covers these names, when there is one; answers at once, whatever it takes to get one. For the environment's own names there always is one.
     *
     * @param names DNS names, the first one is also the subject; a name may begin with {@code *.}
     */
    Uni<IssueResult> issue(List<String> names);

    /** Removes what is stored for these names, whose certificate nobody needs any more. Absent: nothing happens. */
    Uni<Void> forget(List<String> names);

    /** The authorities (PEM) that our own clients must trust besides those of their system. */
    Uni<String> rootPem();

    /** All authorities (PEM) that a visitor may find behind our certificates. */
    default Uni<String> trustedPem() {
        return rootPem();
    }

    /**
     * Calls the listener, on any thread, when an answer has changed by itself: for the names with this first one, or for any names. It may also happen that nothing
     * has changed.
     */
    default void whenChanged(Consumer<Optional<String>> listener) {}
}
