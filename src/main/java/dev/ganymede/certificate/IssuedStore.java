package dev.ganymede.certificate;

import dev.ganymede.io.DurableFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * What an authority elsewhere has issued: one file for each set of names, key and chain together; and beside it, while an order is under way, the key that it is for. All
 * of it is for its owner only. Blocking.
 */
final class IssuedStore {

    private static final Logger LOG = Logger.getLogger(IssuedStore.class);

    private final Path directory;

    /** @param authority whose certificates these are; another one's are elsewhere */
    IssuedStore(Path certificates, String authority) {
        this.directory = certificates.resolve("issued").resolve(DnsNames.digest(authority));
    }

    /** One that is valid now; whatever cannot be used counts as none. */
    Optional<KeyAndChain> find(List<String> names, Instant now) {
        Path file = file(names);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            return Optional.of(SuppliedCertificate.read(file, file))
                    .filter(stored -> stored.covers(names) && stored.isValidAt(now))
                    .map(SuppliedCertificate::content);
        } catch (CertificateException unusable) {
            LOG.warnf("certificate file %s cannot be used: %s", file, unusable.getMessage());
            return Optional.empty();
        }
    }

    /** The same key until {@link #save} or {@link #remove}. */
    KeyPair keyOfOrder(List<String> names) {
        return new KeyPairFile(orderKey(names)).loadOrCreate();
    }

    /** @throws CertificateException when it is not what was ordered */
    CertificateEntry.Validity save(List<String> names, KeyPair keys, String chainPem) {
        try {
            Files.createDirectories(
                    directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            byte[] content = (Pem.of(keys.getPrivate()) + chainPem).getBytes(StandardCharsets.US_ASCII);
            Path fresh = directory.resolve(new DnsNames(names).fileName() + ".fresh");
            DurableFiles.write(fresh, content, "rw-------");
            SuppliedCertificate issued = SuppliedCertificate.read(fresh, fresh);
            if (!issued.covers(names)) {
                throw new CertificateException("the authority certified other names: " + issued.names());
            }
            DurableFiles.move(fresh, file(names));
            DurableFiles.force(directory);
            Files.deleteIfExists(orderKey(names));
            return new CertificateEntry.Validity(issued.notBefore(), issued.notAfter());
        } catch (IOException e) {
            throw new CertificateException("the certificate of " + names.get(0) + " cannot be stored", e);
        }
    }

    void remove(List<String> names) {
        try {
            Files.deleteIfExists(orderKey(names));
            Files.deleteIfExists(file(names));
        } catch (IOException e) {
            throw new CertificateException("the certificate of " + names.get(0) + " cannot be removed", e);
        }
    }

    private Path file(List<String> names) {
        return directory.resolve(new DnsNames(names).fileName());
    }

    private Path orderKey(List<String> names) {
        return directory.resolve(new DnsNames(names).fileName() + ".key");
    }
}
