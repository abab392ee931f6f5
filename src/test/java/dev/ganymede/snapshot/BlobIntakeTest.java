package dev.ganymede.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ganymede.problem.Problem;
import dev.ganymede.snapshot.BlobReceiver.Received;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BlobIntakeTest {

    private static final int MEBIBYTE = Blob.CHUNK_BYTES;

    @TempDir
    Path directory;

    private final List<Blob> blobs = new ArrayList<>();

    @Test
    void keepsSmallAndLargeContentsApart() throws IOException {
        Random random = new Random(1);
        List<byte[]> contents = new ArrayList<>();
        try (BlobIntake intake = new BlobIntake(directory, blobs::add)) {
            for (int size : new int[] {0, 1, 65_536, MEBIBYTE, MEBIBYTE + 1, 3 * MEBIBYTE, 5, 2 * MEBIBYTE + 7, 100}) {
                byte[] content = new byte[size];
                random.nextBytes(content);
                contents.add(content);
                for (int at = 0; at < size; at += 50_000) {
                    byte[] piece = Arrays.copyOfRange(content, at, Math.min(size, at + 50_000));
                    intake.append(piece, piece.length);
                }
                assertThat(intake.end()).isEqualTo(new Received(Sha256.hash(content), size));
            }
            for (int i = 0; i < contents.size(); i++) {
                assertThat(Arrays.equals(content(blobs.get(i)), contents.get(i)))
                        .as("content %d", i)
                        .isTrue();
            }
        }
    }

    @Test
    void leavesNoFileBehindWhateverHappens() throws IOException {
        try (BlobIntake intake = new BlobIntake(directory, blobs::add)) {
            intake.append(new byte[2 * MEBIBYTE], 2 * MEBIBYTE);
            try (Stream<Path> files = Files.list(directory)) {
                assertThat(files).isEmpty();
            }
        }
    }

    @Test
    void saysThatThereIsNoRoom() throws IOException {
        Path file = Files.createFile(directory.resolve("file"));
        try (BlobIntake intake = new BlobIntake(file.resolve("below"), blobs::add)) {
            assertThatThrownBy(() -> intake.append(new byte[2 * MEBIBYTE], 2 * MEBIBYTE))
                    .isInstanceOfSatisfying(
                            Problem.class,
                            problem -> assertThat(problem.type().status()).isEqualTo(503));
        }
    }

    private static byte[] content(Blob blob) {
        byte[] content = new byte[(int) blob.sizeBytes()];
        for (int i = 0; i < blob.chunkCount(); i++) {
            blob.chunk(i).getBytes(content, i * MEBIBYTE);
        }
        return content;
    }
}
