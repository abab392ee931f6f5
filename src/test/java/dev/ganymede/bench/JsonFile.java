package dev.ganymede.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.UUID;

/** Option B of seed 004 "Storage Implementation Options": a JSON file, here at least written aside, forced to disk and renamed. */
final class JsonFile implements Side {

    private final Path directory;
    private Path file;

    JsonFile(Path directory) throws IOException {
        this.directory = Files.createDirectories(directory);
    }

    @Override
    public String name() {
        return "(b) file";
    }

    @Override
    public void begin() throws IOException {
        if (file != null) {
            Files.deleteIfExists(file);
        }
        file = directory.resolve(UUID.randomUUID() + ".json");
    }

    @Override
    public Call push(Content content) {
        ByteBuffer json = ByteBuffer.wrap(content.json());
        return () -> write(json);
    }

    private void write(ByteBuffer json) throws IOException {
        Path aside = file.resolveSibling(file.getFileName() + ".new");
        try (FileChannel channel = FileChannel.open(
                aside, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            while (json.hasRemaining()) {
                channel.write(json);
            }
            channel.force(true);
        }
        Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    @Override
    public Call pull(Content kept) {
        byte[] expected = kept.json();
        return new Call() {
            private byte[] read;

            @Override
            public void run() throws IOException {
                read = Files.readAllBytes(file);
            }

            @Override
            public void check() {
                Side.require(Arrays.equals(read, expected), "the file has something else than was written");
            }
        };
    }

    @Override
    public Memory memory() {
        return Memory.NONE;
    }
}
