package dev.ganymede.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ganymede.snapshot.VersionFixture.Data;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Pieces go in, JSON comes out; what is not what its hash says never becomes whole JSON. */
class DataEncoderTest {

    @Test
    void piecesOfAnySizeMakeTheSameJson() {
        Data data =
                Data.of(VersionFixture.bytes(1), VersionFixture.bytes(400_001), new byte[0], VersionFixture.bytes(2));
        for (int pieceBytes : new int[] {1_000_000, 3, 7, 65_536, 196_608, 196_609}) {
            assertThat(encoded(data, pieceBytes).equals(data.json()))
                    .as("pieces of %d bytes", pieceBytes)
                    .isTrue();
        }
    }

    @Test
    void theLengthIsTheOneThatTheManifestAnnounces() {
        for (Data data : List.of(
                Data.of(VersionFixture.bytes(1), VersionFixture.bytes(2), VersionFixture.bytes(3)),
                new Data(Data.of(VersionFixture.bytes(5)).projects(), null),
                new Data(Map.of(), "{}"))) {
            assertThat(encoded(data, 100)).isEqualTo(data.json()).hasSize((int)
                    data.manifest().jsonBytes());
        }
        Manifest nothing = new Manifest(List.of());
        assertThat(DataEncoder.ofNothing().length()).isEqualTo((int) nothing.jsonBytes());
    }

    @Test
    void theGatewaysStateComesLastWhereverItWasPushed() {
        Data data = Data.of(VersionFixture.bytes(9));
        List<Part> turned = new ArrayList<>(data.manifest().parts());
        Collections.reverse(turned);
        DataEncoder encoder = new DataEncoder(new Manifest(turned));
        assertThat(encoder.encode(pieces(data, 100)).toString()).isEqualTo(data.json());
    }

    @Test
    void anAlteredByteIsFoundBeforeTheLastBytesAreOut() {
        Data data = Data.of(VersionFixture.bytes(500_000));
        List<Piece> pieces = pieces(data, 100_000);
        pieces.get(3).content().setByte(5, (byte) ~pieces.get(3).content().getByte(5));
        DataEncoder encoder = new DataEncoder(data.manifest());
        encoder.encode(pieces.subList(0, 4));
        assertThatThrownBy(() -> encoder.encode(pieces.subList(4, pieces.size())))
                .isInstanceOf(DamagedBlobException.class)
                .hasMessageContaining("another content");
    }

    @Test
    void tooMuchAndTooLittleAreFound() {
        Data data = Data.of(VersionFixture.bytes(10));
        Part part = data.manifest().parts().get(0);
        for (int length : new int[] {9, 11, 0}) {
            assertThatThrownBy(() -> new DataEncoder(data.manifest())
                            .encode(List.of(new Piece(part, Buffer.buffer(new byte[length]), true))))
                    .isInstanceOf(DamagedBlobException.class);
        }
    }

    private static String encoded(Data data, int pieceBytes) {
        DataEncoder encoder = new DataEncoder(data.manifest());
        Buffer all = Buffer.buffer();
        pieces(data, pieceBytes).forEach(piece -> all.appendBuffer(encoder.encode(List.of(piece))));
        return all.toString();
    }

    private static List<Piece> pieces(Data data, int pieceBytes) {
        List<Piece> pieces = new ArrayList<>();
        for (Part part : data.manifest().parts()) {
            byte[] content = part.project().map(data.projects()::get).orElseGet(() -> data.gatewayState()
                    .getBytes(StandardCharsets.UTF_8));
            int from = 0;
            do {
                int until = Math.min(content.length, from + pieceBytes);
                pieces.add(new Piece(part, Buffer.buffer(content).getBuffer(from, until), until == content.length));
                from = until;
            } while (from < content.length);
        }
        return pieces;
    }
}
