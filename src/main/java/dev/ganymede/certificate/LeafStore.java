package dev.ganymede.certificate;

import dev.ganymede.io.DurableFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Optional;
import org.jboss.logging.Logger;

/** What was issued, one file for each set of names: key and certificate together, so that they cannot come apart. */
final class LeafStore {

    private static final Logger LOG = Logger.getLogger(LeafStore.class);

    private final Path directory;

    LeafStore(Path directory) {
        this.directory = directory;
    }

    /** The stored one; an unreadable file counts as none, it is derived and can be made again. */
    Optional<Leaf> find(DnsNames names) {
        Path file = directory.resolve(names.fileName());
        try {
            if (!Files.exists(file)) {
                return Optional.empty();
            }
            String text = Files.readString(file, StandardCharsets.US_ASCII);
            return Optional.of(new Leaf(Pem.privateKey(text), Pem.certificate(text)));
        } catch (IOException | GeneralSecurityException e) {
            LOG.warnf("certificate file %s cannot be read and is issued anew: %s", file, e.getMessage());
            return Optional.empty();
        }
    }

    void save(DnsNames names, Leaf leaf) throws IOException {
        String text = Pem.of(leaf.key()) + Pem.of(leaf.certificate());
        DurableFiles.replace(
                directory.resolve(names.fileName()), text.getBytes(StandardCharsets.US_ASCII), "rw-------");
    }

    void remove(DnsNames names) throws IOException {
        Files.deleteIfExists(directory.resolve(names.fileName()));
    }
}
