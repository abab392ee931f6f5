package dev.ganymede.certificate;

import io.smallrye.mutiny.Uni;

/** What an operator supplies: looked at now and then, so that a change is noticed while nobody asks. */
record FilesWay(FilesIssuer files, CertificateIssuer issuer) implements Certificates.Way {

    @Override
    public Uni<Void> run() {
        return files.inventory().replaceWithVoid();
    }

    @Override
    public Uni<Inventory> inventory() {
        return files.inventory();
    }
}
