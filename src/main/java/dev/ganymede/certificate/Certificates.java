package dev.ganymede.certificate;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;

/** The issuer that the configuration names, and what keeps it going. */
@ApplicationScoped
public class Certificates {

    /** One way to come to certificates. */
    interface Way {

        CertificateIssuer issuer();

        Uni<Void> run();

        Uni<Inventory> inventory();
    }

    private final Way way;
    private final CertificateFigures figures;

    Certificates(Ways ways, CertificateFigures figures) {
        this.way = ways.configured();
        this.figures = figures;
    }

    @Produces
    @ApplicationScoped
    CertificateIssuer issuer() {
        return way.issuer();
    }

    /** Orders and renews what is due, one share of it, and counts; only one process may do so. */
    public Uni<Void> run() {
        return way.run().eventually(() -> way.inventory().invoke(figures::refresh));
    }

    /** Another process does it from now on. */
    public void stop() {
        figures.forget();
    }

    Uni<Inventory> inventory() {
        return way.inventory();
    }
}
