package dev.ganymede.certificate;

import dev.ganymede.io.BlockingWork;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Another issuer, with the local authority in its place for some names, as long as it has nothing for them: without a certificate for the environment's own names the
 * edge could not begin.
 */
final class StandInIssuer implements CertificateIssuer {

    private final CertificateIssuer issuer;
    private final CertificateIssuer local;
    private final Predicate<List<String>> standsIn;
    private final Optional<Path> trustFile;

    StandInIssuer(
            CertificateIssuer issuer,
            CertificateIssuer local,
            Predicate<List<String>> standsIn,
            Optional<Path> trustFile) {
        this.issuer = issuer;
        this.local = local;
        this.standsIn = standsIn;
        this.trustFile = trustFile;
    }

    @Override
    public Uni<IssueResult> issue(List<String> names) {
        return issuer.issue(names).chain(result -> orStandIn(names, result));
    }

    private Uni<IssueResult> orStandIn(List<String> names, IssueResult result) {
        boolean replaced = result instanceof IssueResult.NotYet && standsIn.test(names);
        return replaced ? local.issue(names) : Uni.createFrom().item(result);
    }

    @Override
    public Uni<Void> forget(List<String> names) {
        return issuer.forget(names).chain(() -> local.forget(names));
    }

    @Override
    public Uni<String> rootPem() {
        return local.rootPem()
                .chain(root -> BlockingWork.run(
                        Infrastructure.getDefaultWorkerPool(),
                        () -> root + trustFile.map(StandInIssuer::text).orElse("")));
    }

    @Override
    public Uni<String> trustedPem() {
        return rootPem().map(ours -> ours + SystemAuthorities.pem());
    }

    @Override
    public void whenChanged(Consumer<Optional<String>> listener) {
        issuer.whenChanged(listener);
    }

    private static String text(Path file) {
        try {
            return Files.readString(file, StandardCharsets.US_ASCII);
        } catch (IOException e) {
            throw new CertificateException("the trusted authorities in " + file + " cannot be read", e);
        }
    }
}
