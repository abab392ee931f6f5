package dev.ganymede.edge.nginx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganymede.certificate.CertificateIssuer;
import dev.ganymede.certificate.IssueResult;
import dev.ganymede.certificate.KeyAndChain;
import dev.ganymede.id.Domain;
import dev.ganymede.id.OrganizationId;
import io.smallrye.mutiny.Uni;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EdgeCertificatesTest {

    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    @TempDir
    Path directory;

    private final OrganizationId routed = new OrganizationId(UUID.randomUUID());
    private final OrganizationId unused = new OrganizationId(UUID.randomUUID());
    private final Issuer issuer = new Issuer();
    private EdgeCertificates certificates;

    @BeforeEach
    void issued() {
        EdgeFiles files = new EdgeFiles(directory, "");
        certificates = new EdgeCertificates(
                issuer, new Domain("domain.local"), new CertificateFiles(files), Clock.fixed(NOW, ZoneOffset.UTC));
        run(certificates.ensure(Set.of(routed, unused)));
        issuer.asked.clear();
    }

    @Test
    void whatIsInOrderIsNotAskedFor() {
        run(certificates.tend(Set.of(routed)));
        assertThat(issuer.asked).isEmpty();
    }

    @Test
    void whatWasLostOrAlteredIsRestored() throws IOException {
        Files.delete(file(routed));
        run(certificates.tend(Set.of(routed)));
        assertThat(file(routed)).hasContent("key\nchain\n");

        Files.writeString(file(routed), "garbage");
        run(certificates.tend(Set.of(routed)));
        assertThat(file(routed)).hasContent("key\nchain\n");
    }

    @Test
    void whatNobodyNeededForLongIsRemovedAndNothingElse() throws IOException {
        FileTime longAgo = FileTime.from(NOW.minus(Duration.ofDays(31)));
        Path foreign = Files.writeString(directory.resolve("certs/mine.pem"), "not ours");
        for (Path file : List.of(foreign, file(unused), file(routed))) {
            Files.setLastModifiedTime(file, longAgo);
        }
        run(certificates.tend(Set.of(routed)));
        assertThat(file(unused)).doesNotExist();
        assertThat(issuer.forgotten).containsExactly("org-" + unused + ".domain.local");
        assertThat(file(routed)).exists();
        assertThat(foreign).exists();
    }

    @Test
    void whoHasNoCertificateYetIsServedAndGetsItWhenTheIssuerSaysSo() {
        OrganizationId waiting = new OrganizationId(UUID.randomUUID());
        issuer.has = false;
        run(certificates.ensure(waiting));
        assertThat(file(waiting)).doesNotExist();

        issuer.has = true;
        run(certificates.ensure(waiting));
        assertThat(file(waiting)).as("not asked again and again").doesNotExist();

        issuer.tell(Optional.of("org-" + waiting + ".domain.local"));
        issuer.asked.clear();
        run(certificates.tend(Set.of(waiting, routed)));
        assertThat(file(waiting)).hasContent("key\nchain\n");
        assertThat(issuer.asked).containsExactly("org-" + waiting + ".domain.local");
    }

    @Test
    void anIssuerThatHasNothingAnyMoreTakesNothingAway() {
        issuer.has = false;
        issuer.tell(Optional.empty());
        run(certificates.tend(Set.of(routed)));
        assertThat(file(routed)).hasContent("key\nchain\n");
    }

    private Path file(OrganizationId organization) {
        return directory.resolve(CertificateFiles.name(organization));
    }

    private static void run(Uni<Void> work) {
        work.await().atMost(Duration.ofSeconds(5));
    }

    private static final class Issuer implements CertificateIssuer {

        private final List<String> asked = new ArrayList<>();
        private final List<String> forgotten = new ArrayList<>();
        private final List<Consumer<Optional<String>>> listeners = new ArrayList<>();
        private boolean has = true;

        void tell(Optional<String> subject) {
            listeners.forEach(listener -> listener.accept(subject));
        }

        @Override
        public void whenChanged(Consumer<Optional<String>> listener) {
            listeners.add(listener);
        }

        @Override
        public synchronized Uni<IssueResult> issue(List<String> names) {
            asked.add(names.get(0));
            KeyAndChain issued = new KeyAndChain("key\n", "chain\n", NOW.plus(Duration.ofDays(300)));
            return Uni.createFrom()
                    .item(has ? new IssueResult.Issued(issued) : new IssueResult.NotYet("it takes its time"));
        }

        @Override
        public synchronized Uni<Void> forget(List<String> names) {
            forgotten.add(names.get(0));
            return Uni.createFrom().voidItem();
        }

        @Override
        public Uni<String> rootPem() {
            return Uni.createFrom().item("root\n");
        }
    }
}
