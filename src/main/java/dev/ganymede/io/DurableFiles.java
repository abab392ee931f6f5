package dev.ganymede.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.UUID;

/**
 * Writes files that are whole or absent after a crash of the process or of the machine: content first, then the name, each forced to the
 * disk. Blocking; safe for concurrent use, the last rename wins.
 */
public final class DurableFiles {

    private DurableFiles() {}

    /**
     * Puts this content under this name in one step.
     *
     * @param permissions as in {@code rw-r-----}; in force from the first byte on
     */
    public static void replace(Path file, byte[] content, String permissions) throws IOException {
        Path fresh = file.resolveSibling("." + file.getFileName() + "." + UUID.randomUUID());
        try {
            write(fresh, content, permissions);
            move(fresh, file);
        } finally {
            Files.deleteIfExists(fresh);
        }
        force(file.getParent());
    }

    /** Writes and forces a file that no reader knows yet; an older one of the same name is replaced. */
    public static void write(Path file, byte[] content, String permissions) throws IOException {
        Set<PosixFilePermission> mode = PosixFilePermissions.fromString(permissions);
        FileAttribute<?> attribute = PosixFilePermissions.asFileAttribute(mode);
        Files.deleteIfExists(file);
        try (FileChannel channel =
                FileChannel.open(file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), attribute)) {
            ByteBuffer left = ByteBuffer.wrap(content);
            while (left.hasRemaining()) {
                channel.write(left);
            }
            // the umask may have taken bits away
            Files.setPosixFilePermissions(file, mode);
            channel.force(true);
        }
    }

    /** Renames within one file system, over an existing file; not yet durable without {@link #force}. */
    public static void move(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Makes the names in a directory survive a crash of the machine. */
    public static void force(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
