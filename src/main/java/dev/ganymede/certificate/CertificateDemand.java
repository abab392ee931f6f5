package dev.ganymede.certificate;

import dev.ganymede.id.OrganizationId;
import io.smallrye.mutiny.Uni;
import java.util.Set;

/** Whoever knows which organizations are served now: those come first where certificates are scarce. */
public interface CertificateDemand {

    Uni<Set<OrganizationId>> allocated();
}
