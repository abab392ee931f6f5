package dev.ganymede.edge.nginx;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A file system of a few kilobytes in memory, to be filled and emptied; its tests are skipped where nothing may be mounted. */
final class SmallDisk implements AutoCloseable {

    private final Path root;

    SmallDisk(Path root, int sizeKib) throws IOException {
        this.root = root;
        assumeTrue(run("mount", "-t", "tmpfs", "-o", "size=" + sizeKib + "k", "ganymede-test", root.toString()) == 0);
    }

    /** Not one more byte fits. */
    void fill() throws IOException {
        byte[] some = new byte[4096];
        try {
            while (true) {
                Files.write(filler(), some, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            }
        } catch (IOException full) {
            Files.size(filler());
        }
    }

    void makeRoom() throws IOException {
        Files.delete(filler());
    }

    void readOnly(boolean on) throws IOException {
        run("mount", "-o", "remount," + (on ? "ro" : "rw"), root.toString());
    }

    @Override
    public void close() throws IOException {
        run("umount", "-l", root.toString());
    }

    private Path filler() {
        return root.resolve("filler");
    }

    private static int run(String... command) throws IOException {
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .onExit()
                .join()
                .exitValue();
    }
}
