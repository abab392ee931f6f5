package dev.ganymede.certificate;

import dev.ganymede.io.BlockingWork;
import io.quarkus.runtime.Startup;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Typed;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jboss.logging.Logger;

/**
 * A certificate authority of the environment's own, for development: the part that mkcert plays in the seed, and interchangeable with it.
 *
 * <p>Issuing takes about 2 ms and is done one at a time. The authority is read from its files for the first certificate and then kept.
 */
@Startup
@ApplicationScoped
// as an issuer it is injected only where the configuration says so
@Typed(LocalCertificateAuthority.class)
class LocalCertificateAuthority implements CertificateIssuer {

    private static final Logger LOG = Logger.getLogger(LocalCertificateAuthority.class);
    /** As often as those who show a certificate ask for it again, at least. */
    private static final Duration ASKED_EVERY = Duration.ofDays(1);

    private final RootStore roots;
    private final LeafStore leaves;
    private final Clock clock;
    private final Duration validity;
    private final Duration renewBefore;
    private Root root;

    @Inject
    LocalCertificateAuthority(CertificateConfig config, Clock clock) {
        this(config.directory(), config.validity(), config.renewBefore(), clock);
    }

    LocalCertificateAuthority(Path directory, Duration validity, Duration renewBefore, Clock clock) {
        this.roots = new RootStore(directory, clock);
        this.leaves = new LeafStore(directory);
        this.clock = clock;
        requireRoomToRenew(validity, renewBefore);
        this.validity = validity;
        this.renewBefore = renewBefore;
    }

    /** Otherwise each new certificate would be due at once, and every look at it would issue another; or end before anybody asks again. */
    private static void requireRoomToRenew(Duration validity, Duration renewBefore) {
        if (renewBefore.compareTo(ASKED_EVERY) < 0) {
            throw new IllegalArgumentException(
                    "ganymede.certificate.renew-before is " + renewBefore + ", less than " + ASKED_EVERY);
        }
        if (validity.compareTo(renewBefore.plus(Leaf.BACKDATED).plus(ASKED_EVERY)) < 0) {
            throw new IllegalArgumentException("ganymede.certificate.validity (" + validity
                    + ") must be longer than ganymede.certificate.renew-before (" + renewBefore + ") by "
                    + ASKED_EVERY.plus(Leaf.BACKDATED) + " at least");
        }
    }

    @Override
    public Uni<IssueResult> issue(List<String> names) {
        DnsNames wanted = new DnsNames(names);
        return BlockingWork.run(
                Infrastructure.getDefaultWorkerPool(), () -> new IssueResult.Issued(findOrIssue(wanted)));
    }

    @Override
    public Uni<Void> forget(List<String> names) {
        DnsNames unwanted = new DnsNames(names);
        return BlockingWork.run(Infrastructure.getDefaultWorkerPool(), () -> {
            remove(unwanted);
            return null;
        });
    }

    @Override
    public Uni<String> rootPem() {
        return BlockingWork.run(Infrastructure.getDefaultWorkerPool(), () -> Pem.of(root().certificate()));
    }

    private synchronized KeyAndChain findOrIssue(DnsNames names) {
        try {
            Instant now = clock.instant();
            Leaf stored = leaves.find(names).orElse(null);
            return published(stored != null && serves(stored, names, now) ? stored : issueAnew(names, now));
        } catch (IOException | GeneralSecurityException e) {
            throw new CertificateException("no certificate could be issued for " + names.first(), e);
        }
    }

    private synchronized void remove(DnsNames names) {
        try {
            leaves.remove(names);
        } catch (IOException e) {
            throw new CertificateException("the certificate of " + names.first() + " could not be removed", e);
        }
    }

    private boolean serves(Leaf leaf, DnsNames names, Instant now) throws GeneralSecurityException {
        Instant renewFrom = leaf.notAfter().minus(renewBefore);
        // near its own end the authority cannot issue anything that lasts longer
        boolean lastsAsLongAsItCan =
                !leaf.notAfter().isBefore(root().certificate().getNotAfter().toInstant());
        return leaf.isOf(root(), names)
                && (now.isBefore(renewFrom) || lastsAsLongAsItCan && now.isBefore(leaf.notAfter()));
    }

    private Leaf issueAnew(DnsNames names, Instant now) throws IOException, GeneralSecurityException {
        Leaf leaf = Leaf.issue(root(), names, now, validity);
        leaves.save(names, leaf);
        LOG.infof("certificate issued for %s, valid until %s", names.values(), leaf.notAfter());
        return leaf;
    }

    private KeyAndChain published(Leaf leaf) {
        return new KeyAndChain(Pem.of(leaf.key()), Pem.of(leaf.certificate()), leaf.notAfter());
    }

    private synchronized Root root() {
        if (root == null) {
            root = roots.load();
        }
        return root;
    }
}
