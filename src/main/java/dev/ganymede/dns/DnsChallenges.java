package dev.ganymede.dns;

import io.smallrye.mutiny.Uni;
import java.util.Set;

/**
 * Proofs to a certificate authority that the environment's names are ours: TXT records at {@code _acme-challenge.<name>} (RFC 8555 §8.4), where {@code <name>} is the
 * domain or {@code org-<uuid>.<domain>}, without a final dot. A name and the wildcard below it share one place, so several values stand there at once.
 *
 * <p>Written by the zone's one writer, idempotent, bounded in time, safe for concurrent use, though what is said last about a name counts. Fails with {@link
 * DnsException}; with {@link IllegalArgumentException} for a name that is not ours. After a completed call the server answers the new way.
 */
public interface DnsChallenges {

    /** Makes the values at the name exactly these. */
    Uni<Void> present(String name, Set<String> values);

    /** Leaves no value at the name. Absent: nothing happens. */
    Uni<Void> clear(String name);

    /** The names that have values, whoever left them; foreign names are skipped. */
    Uni<Set<String>> standing();
}
