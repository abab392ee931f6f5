package dev.ganymede.certificate;

import dev.ganymede.problem.Input;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** The state of certificates, for operators. */
@Path("/certificates")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Certificates")
public class CertificateResource {

    private static final int MAX_LISTED = 1_000;

    private final Certificates certificates;

    CertificateResource(Certificates certificates) {
        this.certificates = certificates;
    }

    @GET
    @Operation(
            summary = "Which certificates there are, wait, fail or end soon",
            description =
                    "The most pressing ones first. Those of the local authority are not listed: it issues at once.")
    public Uni<CertificatesBody> get(@QueryParam("limit") @DefaultValue("100") String limit) {
        int listed = Input.number("limit", limit, MAX_LISTED);
        return certificates.inventory().map(inventory -> CertificatesBody.of(inventory, listed));
    }
}
