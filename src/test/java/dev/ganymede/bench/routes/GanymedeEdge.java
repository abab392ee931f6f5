package dev.ganymede.bench.routes;

import dev.ganymede.certificate.CertificateIssuer;
import dev.ganymede.certificate.IssueResult;
import dev.ganymede.certificate.KeyAndChain;
import dev.ganymede.edge.Route;
import dev.ganymede.edge.nginx.BenchEdge;
import dev.ganymede.id.Endpoint;
import dev.ganymede.id.Generation;
import dev.ganymede.id.OrganizationId;
import io.smallrye.mutiny.Uni;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** Ganymede's own edge, in one of its modes; every organization shows the same certificate, so that none is measured here. */
final class GanymedeEdge implements Side {

    private final Path scratch;
    private final boolean lua;
    private final int port;
    private final AtomicLong generation = new AtomicLong();
    private BenchEdge edge;

    GanymedeEdge(Path scratch, boolean lua, int port) {
        this.scratch = scratch;
        this.lua = lua;
        this.port = port;
    }

    @Override
    public String name() {
        return lua ? "Ganymede, lua" : "Ganymede, reload";
    }

    @Override
    public String survives() {
        return "all (fsync)";
    }

    @Override
    public void start(List<Tenant> tenants, int gatewayPort) throws Exception {
        Path directory = Files.createTempDirectory(scratch, "edge");
        Process opened = new ProcessBuilder("chmod", "0711", directory.toString())
                .inheritIO()
                .start();
        opened.waitFor();
        edge = new BenchEdge(directory, Tenant.DOMAIN, port, port + 1, lua, new OneCertificate(scratch));
        edge.ensure();
        edge.start();
        edge.replaceAll(
                tenants.stream().map(tenant -> route(tenant, gatewayPort)).toList());
    }

    @Override
    public void move(Tenant tenant, int gatewayPort) {
        edge.publish(route(tenant, gatewayPort));
    }

    @Override
    public Wire.Entrance entrance() {
        return new Wire.Entrance(port + 1, true);
    }

    @Override
    public long workers() {
        return edge.workers();
    }

    @Override
    public void close() {
        if (edge != null) {
            edge.close();
        }
    }

    private Route route(Tenant tenant, int gatewayPort) {
        return new Route(
                new OrganizationId(tenant.id()),
                new Endpoint("127.0.0.1", gatewayPort),
                new Generation(generation.incrementAndGet()));
    }

    /** {@code key.pem} and {@code certificate.pem}, for every name. */
    private record OneCertificate(Path directory) implements CertificateIssuer {

        @Override
        public Uni<IssueResult> issue(List<String> names) {
            return Uni.createFrom()
                    .item(() -> new IssueResult.Issued(
                            new KeyAndChain(text("key.pem"), text("certificate.pem"), Instant.MAX)));
        }

        @Override
        public Uni<Void> forget(List<String> names) {
            return Uni.createFrom().voidItem();
        }

        @Override
        public Uni<String> rootPem() {
            return Uni.createFrom().item(() -> text("certificate.pem"));
        }

        private String text(String name) {
            try {
                return Files.readString(directory.resolve(name));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
