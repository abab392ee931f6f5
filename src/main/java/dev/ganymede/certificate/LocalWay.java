package dev.ganymede.certificate;

import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The local authority alone: it issues at once and renews when it is asked, so there is nothing to keep going. */
record LocalWay(CertificateIssuer issuer) implements Certificates.Way {

    @Override
    public Uni<Void> run() {
        return Uni.createFrom().voidItem();
    }

    @Override
    public Uni<Inventory> inventory() {
        return Uni.createFrom()
                .item(new Inventory("local-ca", Optional.empty(), Optional.empty(), List.of(), Map.of()));
    }
}
