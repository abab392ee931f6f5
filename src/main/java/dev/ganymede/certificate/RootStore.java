package dev.ganymede.certificate;

import dev.ganymede.io.DurableFiles;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.util.Date;

/**
 * The authority's two files under mkcert's names, made when there are none.
 *
 * <p>A lock file keeps two processes from making two authorities, a monitor does so within one. The key is written before the certificate: killed
 * in between, a key without a certificate signs nothing that anyone trusts, and is replaced.
 */
final class RootStore {

    static final String CERTIFICATE = "rootCA.pem";
    static final String KEY = "rootCA-key.pem";
    private static final Object IN_THIS_PROCESS = new Object();

    private final Path directory;
    private final Clock clock;

    RootStore(Path directory, Clock clock) {
        this.directory = directory;
        this.clock = clock;
    }

    Root load() {
        try {
            if (!Files.isDirectory(directory)) {
                Files.createDirectories(
                        directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            }
            synchronized (IN_THIS_PROCESS) {
                return loadLocked();
            }
        } catch (IOException | GeneralSecurityException e) {
            throw new CertificateException("the certificate authority in " + directory + " cannot be used", e);
        }
    }

    private Root loadLocked() throws IOException, GeneralSecurityException {
        try (FileChannel lockFile =
                FileChannel.open(directory.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            lockFile.lock(); // until the channel is closed
            return Files.exists(directory.resolve(CERTIFICATE)) ? read() : create();
        }
    }

    private Root read() throws IOException, GeneralSecurityException {
        Path keyFile = directory.resolve(KEY);
        if (!Files.exists(keyFile)) {
            throw new CertificateException(
                    directory.resolve(CERTIFICATE) + " stands without " + KEY + ": nothing can be issued");
        }
        Root root = new Root(Pem.privateKey(text(keyFile)), Pem.certificate(text(directory.resolve(CERTIFICATE))));
        if (!Signing.belongTogether(root.key(), root.certificate())) {
            throw new CertificateException(keyFile + " is not the key of " + CERTIFICATE);
        }
        root.certificate().checkValidity(Date.from(clock.instant()));
        return root;
    }

    private Root create() throws IOException, GeneralSecurityException {
        Root root = Root.create(clock.instant());
        DurableFiles.replace(directory.resolve(KEY), bytes(Pem.of(root.key())), "rw-------");
        DurableFiles.replace(directory.resolve(CERTIFICATE), bytes(Pem.of(root.certificate())), "rw-r--r--");
        return root;
    }

    private static String text(Path file) throws IOException {
        return Files.readString(file, StandardCharsets.US_ASCII);
    }

    private static byte[] bytes(String pem) {
        return pem.getBytes(StandardCharsets.US_ASCII);
    }
}
