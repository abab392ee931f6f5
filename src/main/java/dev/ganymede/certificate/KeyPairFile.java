package dev.ganymede.certificate;

import dev.ganymede.io.DurableFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.util.UUID;

/** A key pair (secret) in a file that only its owner can read, made when there is none. Blocking; two processes at once end with the same one. */
public final class KeyPairFile {

    private static final Object IN_THIS_PROCESS = new Object();

    private final Path file;

    public KeyPairFile(Path file) {
        this.file = file;
    }

    public KeyPair loadOrCreate() {
        try {
            synchronized (IN_THIS_PROCESS) {
                return Files.exists(file) ? load() : create();
            }
        } catch (IOException | GeneralSecurityException e) {
            throw new CertificateException("the key in " + file + " cannot be used", e);
        }
    }

    private KeyPair load() throws IOException, GeneralSecurityException {
        String text = Files.readString(file, StandardCharsets.US_ASCII);
        return new KeyPair(Pem.publicKey(text), Pem.privateKey(text));
    }

    private KeyPair create() throws IOException, GeneralSecurityException {
        Files.createDirectories(
                file.getParent(), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        KeyPair pair = Signing.newKeyPair();
        String text = Pem.of(pair.getPrivate()) + Pem.of(pair.getPublic());
        Path fresh = file.resolveSibling("." + file.getFileName() + "." + UUID.randomUUID());
        try {
            DurableFiles.write(fresh, text.getBytes(StandardCharsets.US_ASCII), "rw-------");
            // unlike a rename, it leaves a key alone that another process has made meanwhile
            Files.createLink(file, fresh);
        } catch (FileAlreadyExistsException made) {
            return load();
        } finally {
            Files.deleteIfExists(fresh);
        }
        DurableFiles.force(file.getParent());
        return load();
    }
}
