package dev.ganymede.certificate;

import io.smallrye.mutiny.Uni;
import java.math.BigInteger;
import java.net.URI;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Clock;
import java.time.Duration;
import java.util.Date;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;

/** An authority in this process, which can be told where to fail. It remembers what was asked of it. */
final class FakeAuthority implements RemoteAuthority {

    static final Duration LIFE = Duration.ofDays(90);
    static final Duration LONGEST = Duration.ofMinutes(10);

    /** The process ends here: nothing of what comes after is done. */
    static final class Killed extends RuntimeException {

        private static final long serialVersionUID = 1;
    }

    enum Moment {
        BEFORE_PLACE,
        AFTER_PLACE,
        AFTER_PROVE,
        AFTER_FINISH
    }

    final List<String> placed = new CopyOnWriteArrayList<>();
    final List<URI> finished = new CopyOnWriteArrayList<>();
    volatile Moment killedAt;
    volatile OrderException refusal;
    private final Root root;
    private final Clock clock;

    FakeAuthority(Path directory, Clock clock) {
        this.root = new RootStore(directory, clock).load();
        this.clock = clock;
    }

    @Override
    public String name() {
        return "https://authority.test/directory";
    }

    @Override
    public Duration longestOrder() {
        return LONGEST;
    }

    @Override
    public Uni<URI> place(List<String> names) {
        return step(Moment.BEFORE_PLACE, () -> {
                    placed.add(names.get(0));
                    return URI.create("https://authority.test/orders/" + placed.size());
                })
                .call(() -> step(Moment.AFTER_PLACE, () -> true));
    }

    @Override
    public Uni<Void> prove(URI order) {
        return Uni.createFrom().voidItem().invoke(this::refuse).call(() -> step(Moment.AFTER_PROVE, () -> true));
    }

    @Override
    public Uni<String> finish(URI order, List<String> names, KeyPair keys) {
        return Uni.createFrom()
                .item(() -> {
                    finished.add(order);
                    return certificate(names, keys);
                })
                .call(() -> step(Moment.AFTER_FINISH, () -> true));
    }

    @Override
    public Uni<Void> clearProofs(Set<String> underWay) {
        return Uni.createFrom().voidItem();
    }

    private void refuse() {
        if (refusal != null) {
            throw refusal;
        }
    }

    private <T> Uni<T> step(Moment moment, Supplier<T> work) {
        return Uni.createFrom().item(() -> {
            if (moment == killedAt) {
                throw new Killed();
            }
            return work.get();
        });
    }

    private synchronized String certificate(List<String> names, KeyPair keys) {
        try {
            GeneralNames alternatives = new GeneralNames(names.stream()
                    .map(name -> new GeneralName(GeneralName.dNSName, name))
                    .toArray(GeneralName[]::new));
            var builder = new JcaX509v3CertificateBuilder(
                    root.certificate().getSubjectX500Principal(),
                    BigInteger.valueOf(finished.size()),
                    Date.from(clock.instant()),
                    Date.from(clock.instant().plus(LIFE)),
                    new X500Principal("CN=" + names.get(0)),
                    keys.getPublic());
            builder.addExtension(Extension.subjectAlternativeName, false, alternatives);
            return Pem.of(Signing.sign(builder, root.key())) + Pem.of(root.certificate());
        } catch (Exception failure) {
            throw new IllegalStateException(failure);
        }
    }
}
