package dev.ganymede.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganymede.id.ProjectId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class BatchTest {

    private static final int MIB = 1024 * 1024;

    @Test
    void smallBlobsAreReadTogetherUntilABatchIsFull() {
        List<Part> parts = Collections.nCopies(9, part(MIB / 4));
        assertThat(Batch.of(parts))
                .containsExactly(
                        new Batch.Small(parts.subList(0, 4)),
                        new Batch.Small(parts.subList(4, 8)),
                        new Batch.Small(parts.subList(8, 9)));
    }

    @Test
    void manyTinyBlobsAreReadInSeveralQueriesToo() {
        List<Part> parts = Collections.nCopies(2_500, part(1));
        assertThat(Batch.of(parts))
                .extracting(batch -> ((Batch.Small) batch).parts().size())
                .containsExactly(1_000, 1_000, 500);
    }

    @Test
    void aLargeBlobIsReadChunkByChunkInItsPlace() {
        Part small = part(10);
        Part large = part(2 * MIB + 1);
        Part last = part(20);
        assertThat(Batch.of(List.of(small, large, last)))
                .containsExactly(
                        new Batch.Small(List.of(small)),
                        new Batch.Chunks(large, 0, 1),
                        new Batch.Chunks(large, 1, 2),
                        new Batch.Chunks(large, 2, 3),
                        new Batch.Small(List.of(last)));
    }

    @Test
    void whatFitsOneRowIsOneRow() {
        assertThat(Batch.of(List.of(part(MIB)))).hasOnlyElementsOfType(Batch.Small.class);
        assertThat(Batch.of(List.of(part(MIB + 1)))).hasOnlyElementsOfType(Batch.Chunks.class);
    }

    @Test
    void nothingIsReadForNothing() {
        assertThat(Batch.of(new ArrayList<>())).isEmpty();
    }

    private static Part part(long sizeBytes) {
        return Part.ofProject(new ProjectId(UUID.randomUUID()), Sha256.hash(new byte[] {1}), sizeBytes);
    }
}
