package dev.ganymede.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.ganymede.problem.Problem;
import dev.ganymede.problem.ProblemType;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PushReaderTest {

    private static final String ORGANIZATION = "0b9b2c9e-3f0a-4c55-9c1c-2f5e6a7d8e90";
    private static final String GATEWAY = "7d1f7c0e-52e5-4a4f-8d0e-9a1b2c3d4e5f";
    private static final String A = "aaaaaaaa-0000-4000-8000-000000000001";
    private static final String B = "bbbbbbbb-0000-4000-8000-000000000002";
    private static final String HASH = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    private static final String IDS = "\"organization_id\":\"" + ORGANIZATION + "\",\"gateway_id\":\"" + GATEWAY
            + "\",\"timestamp\":\"2025-01-15T10:30:00Z\"";

    private final Contents contents = new Contents();

    @Test
    void readsWhatTheSeedDescribes() throws IOException {
        ReceivedPush push = read("{" + IDS + ",\"data\":{\"yjs_state\":{\"" + A + "\":\"YWJj\",\"" + B
                + "\":\"AA==\"},\"gateway_state\":{\"n\":1.50, \"emoji\":\"🪐\"}}}");
        assertThat(push.organization()).hasToString(ORGANIZATION);
        assertThat(push.gateway()).hasToString(GATEWAY);
        assertThat(push.takenAt()).isEqualTo(Instant.parse("2025-01-15T10:30:00Z"));
        assertThat(push.sequence()).isEmpty();
        assertThat(push.recovered()).isEmpty();
        assertThat(push.parts())
                .extracting(ReceivedPush.ReceivedPart::field)
                .containsExactly("data.yjs_state." + A, "data.yjs_state." + B, "data.gateway_state");
        assertThat(push.parts().get(0).sha256().hex()).isEqualTo(HASH);
        assertThat(contents.texts()).containsExactly("abc", "\0", "{\"n\":1.50, \"emoji\":\"🪐\"}");
    }

    @Test
    void acceptsTheFieldsInAnyOrderAndWhiteSpaceEverywhere() throws IOException {
        ReceivedPush push =
                read(" { \"later\" : [ 1 , {} ] ,\n\"data\"\t:{ \"gateway_state\" : {} , \"yjs_state\" : {\r\n\""
                        + A + "\" : \"YWJj\" } } , \"sequence\" : 7 , \"recovered\" : [ 3 , 4 ] , \"timestamp\":"
                        + "\"2025-01-15T11:30:00+01:00\",\"gateway_id\":\"" + GATEWAY + "\",\"organization_id\":\""
                        + ORGANIZATION + "\" } \n");
        assertThat(push.sequence()).hasValue(7);
        assertThat(push.recovered()).containsExactly(3L, 4L);
        assertThat(push.takenAt()).isEqualTo(Instant.parse("2025-01-15T10:30:00Z"));
        assertThat(push.parts())
                .extracting(ReceivedPush.ReceivedPart::field)
                .containsExactly("data.yjs_state." + A, "data.gateway_state");
    }

    @Test
    void takesReferencesForContents() throws IOException {
        ReceivedPush push =
                read(body("{\"yjs_state\":{\"" + A + "\":{\"sha256\":\"" + HASH + "\"},\"" + B + "\":\"\"}}"));
        assertThat(push.parts().get(0).sizeBytes()).isEmpty();
        assertThat(push.parts().get(1).sizeBytes()).hasValue(0);
        assertThat(push.references()).containsExactly(Sha256.parse(HASH));
    }

    @Test
    void readsTheSameHoweverThePiecesCome() throws IOException {
        Random random = new Random(2);
        List<byte[]> sent = new ArrayList<>();
        StringBuilder states = new StringBuilder();
        for (int size : new int[] {0, 1, 2, 3, 4, 5, 6, 7, 8, 49_149, 49_150, 49_151, 49_152, 200_000, 3_000_001}) {
            byte[] content = new byte[size];
            random.nextBytes(content);
            sent.add(content);
            states.append(states.length() == 0 ? "" : ",")
                    .append('"')
                    .append(new UUID(4, size))
                    .append("\":\"")
                    .append(Base64.getEncoder().encodeToString(content))
                    .append('"');
        }
        byte[] body = bytes(
                body("{\"yjs_state\":{" + states + "}}").replace("00000000-0000-0004-0000", "00000000-0000-0004-8000"));
        for (int piece : new int[] {1, 7, 8, 1021, 65_536, body.length}) {
            Contents received = new Contents();
            PushReader.read(inPieces(body, piece), received);
            for (int i = 0; i < sent.size(); i++) {
                assertThat(java.util.Arrays.equals(received.all.get(i), sent.get(i)))
                        .as("content %d in pieces of %d", i, piece)
                        .isTrue();
            }
        }
    }

    @Test
    void isCutOffNowhereWithoutNotice() throws IOException {
        byte[] body = bytes(
                body("{\"yjs_state\":{\"" + A + "\":\"QUJDREVGR0hJSg==\"},\"gateway_state\":{\"a\":[1,\"\\\"\"]}}"));
        for (int length = 0; length < body.length; length++) {
            byte[] cut = java.util.Arrays.copyOf(body, length);
            assertThatThrownBy(() -> PushReader.read(new ByteArrayInputStream(cut), new Contents()))
                    .as("%d bytes", length)
                    .isInstanceOf(Problem.class);
        }
        PushReader.read(new ByteArrayInputStream(body), new Contents());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "A",
                "AA",
                "AAA",
                "AA=",
                "AAA=A",
                "=",
                "====",
                "AAAA=",
                "AA==AA==",
                "AA==AAAA",
                "A===",
                "AAAA ",
                " AAAA",
                "AB==",
                "AAB=",
                "AAAA-AAA",
                "AAAA_AAA",
                "AAAA\\nAAAA",
                "AAAA\\u0041AAA",
                "AAAAAAAAA",
                "AAAAAAAAAA=",
                "AAAAAAAA====",
                "AAAAäAAA",
                "AAAAAAAAAAAAAAAA!",
                "AAAAAAAAAAAAAAAAAAAAAAA.AAAAAAAAAA"
            })
    void refusesWhatIsNoCanonicalBase64(String text) {
        Problem problem = refused(body("{\"yjs_state\":{\"" + A + "\":\"" + text + "\"}}"));
        assertThat(problem.type()).isEqualTo(ProblemType.INVALID_REQUEST);
        assertThat(problem.field()).isEqualTo("data.yjs_state." + A);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"yjs_state\":{\"p\":\"AAAA\"}}",
                "{\"yjs_state\":{\"AAAAAAAA-0000-4000-8000-000000000001\":\"AAAA\"}}",
                "{\"yjs_state\":{\"" + A + "\":\"AAAA\",\"" + A + "\":\"AAAA\"}}",
                "{\"yjs_state\":{\"" + A + "\":\"AAAA\",\"\\u0061aaaaaaa-0000-4000-8000-000000000001\":\"AAAA\"}}",
                "{\"yjs_state\":{\"" + A + "\":null}}",
                "{\"yjs_state\":{\"" + A + "\":[]}}",
                "{\"yjs_state\":{\"" + A + "\":{}}}",
                "{\"yjs_state\":{\"" + A + "\":{\"sha256\":1}}}",
                "{\"yjs_state\":{\"" + A + "\":{\"sha256\":\"abc\"}}}",
                "{\"yjs_state\":{\"" + A + "\":{\"sha256\":\"" + HASH + "\",\"x\":1}}}",
                "{\"yjs_state\":[]}",
                "{\"yjs_state\":null}",
                "{\"gateway_state\":[]}",
                "{\"gateway_state\":null}",
                "{\"gateway_state\":\"{}\"}",
                "{\"more\":1}",
                "[]",
                "null",
                "\"{}\""
            })
    void namesTheFieldOfTheDataThatIsWrong(String data) {
        Problem problem = refused(body(data));
        assertThat(problem.type()).isEqualTo(ProblemType.INVALID_REQUEST);
        assertThat(problem.field()).startsWith("data");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"gateway_state\":{\"a\":1,\"a\":2}}",
                "{\"gateway_state\":{\"x\":{\"a\":1,\"\\u0061\":2}}}",
                "{\"gateway_state\":{},\"gateway_state\":{}}",
                "{\"yjs_state\":{},\"yjs_state\":{}}",
                "{\"gateway_state\":{'a':1}}",
                "{\"gateway_state\":{\"a\":01}}",
                "{\"gateway_state\":{\"a\":NaN}}",
                "{\"gateway_state\":{\"a\":1,}}",
                "{\"gateway_state\":{\"a\":[1}]}",
                "{\"gateway_state\":{\"a\":\"\u0001\"}}",
                "{\"gateway_state\":{\"a\":tru}}",
                "{\"gateway_state\":{}]",
                "{\"yjs_state\":{},}",
                "{\"yjs_state\" {}}",
                "{\"yjs_state\":{\"" + A + "\":\"AAAA\" \"b\"}}",
                "{\"yjs_state\":{}} x"
            })
    void refusesWhatIsNoJson(String data) {
        assertThat(refused(body(data)).type()).isEqualTo(ProblemType.MALFORMED_JSON);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "{",
                "[]",
                "null",
                "{}}",
                "{} {}",
                "{\"data\":{}",
                "{\"data\":{}}",
                "{\"data\":}",
                "{\"a\":1,\"a\":1,\"data\":{}}",
                "{\"a\":\"\u0000\",\"data\":{}}",
                "\uFEFF{}",
                "{\"organization_id\":\"../../etc\",\"gateway_id\":\"a;reload\",\"timestamp\":\"now\",\"data\":{}}"
            })
    void refusesOtherBodies(String body) {
        refused(body);
    }

    @Test
    void theSmallFieldsAreCheckedToo() {
        for (String[] wrong : new String[][] {
            {"sequence", "0"},
            {"sequence", "-1"},
            {"sequence", "1.5"},
            {"sequence", "\"1\""},
            {"sequence", "1e3"},
            {"sequence", "9999999999999999999"},
            {"recovered", "1"},
            {"recovered", "[0]"},
            {"recovered", "[\"1\"]"},
            {"recovered", "[[1]]"},
            {"recovered", "{}"}
        }) {
            Problem problem = refused("{" + IDS + ",\"" + wrong[0] + "\":" + wrong[1] + ",\"data\":{}}");
            assertThat(problem.field()).as(wrong[1]).isEqualTo(wrong[0]);
        }
        assertThat(refused("{" + IDS.replace("2025-01", "2025-13") + ",\"data\":{}}")
                        .field())
                .isEqualTo("timestamp");
        assertThat(refused("{" + IDS.replace("2025-01", "+12025-01") + ",\"data\":{}}")
                        .field())
                .isEqualTo("timestamp");
        assertThat(refused("{\"data\":{}," + IDS.replace(GATEWAY, "x") + "}").field())
                .isEqualTo("gateway_id");
    }

    @Test
    void neverRepeatsWhatWasSent() {
        for (String data : List.of(
                "{\"yjs_state\":{\"secret\":\"AAAA\"}}",
                "{\"secret\":1}",
                "{\"yjs_state\":{\"" + A + "\":\"secret!\"}}",
                "{\"gateway_state\":{\"secret\":1,\"secret\":1}}",
                "{\"gateway_state\":{\"a\":secret}}")) {
            assertThat(refused(body(data))).hasMessageNotContaining("secret");
        }
    }

    @Test
    void refusesBytesThatAreNoUtf8() {
        byte[] body = bytes(body("{\"gateway_state\":{\"a\":\"??\"}}"));
        int place = new String(body, StandardCharsets.ISO_8859_1).indexOf("??");
        // an overlong slash, a surrogate's first half, a lonely continuation
        for (int[] bad : new int[][] {{0xc0, 0xaf}, {0xed, 0xa0}, {0x80, 0x80}, {0xff, 0x41}}) {
            body[place] = (byte) bad[0];
            body[place + 1] = (byte) bad[1];
            assertThatThrownBy(() -> PushReader.read(new ByteArrayInputStream(body), new Contents()))
                    .isInstanceOf(Problem.class);
        }
    }

    @Test
    void boundsTheDepth() {
        String deep = "[".repeat(5_000) + "]".repeat(5_000);
        assertThat(refused(body("{\"gateway_state\":{\"a\":" + deep + "}}")).type())
                .isEqualTo(ProblemType.MALFORMED_JSON);
        assertThat(refused("{" + IDS + ",\"a\":" + deep + ",\"data\":{}}").type())
                .isEqualTo(ProblemType.MALFORMED_JSON);
    }

    @Test
    void boundsTheNumberOfProjects() {
        StringBuilder states = new StringBuilder();
        for (int i = 0; i <= 10_000; i++) {
            states.append(i == 0 ? "" : ",")
                    .append('"')
                    .append(new UUID(0x4000, 0x8000000000000000L + i))
                    .append("\":\"\"");
        }
        assertThat(refused(body("{\"yjs_state\":{" + states + "}}")).field()).isEqualTo("data.yjs_state");
    }

    @Test
    void aLargeValueWaitsForItsTurnAndGivesItBack() throws IOException {
        LargeValues.Turn turn = new LargeValues().turn(Arrival.now(0, Duration.ofMinutes(1), 0));
        List<String> told = new ArrayList<>();
        LargeValues.Turn watched = new LargeValues.Turn() {
            @Override
            public void take() {
                told.add("take");
                turn.take();
            }

            @Override
            public void giveBack() {
                told.add("give back");
                turn.giveBack();
            }
        };
        String large = "{\"a\":\"" + "a".repeat(1 << 20) + "\"}";
        PushReader.read(
                new ByteArrayInputStream(bytes(body("{\"gateway_state\":{\"a\":1}}"))), new Contents(), watched);
        assertThat(told).containsOnly("give back");
        told.clear();
        PushReader.read(
                new ByteArrayInputStream(bytes(body("{\"gateway_state\":" + large + "}"))), new Contents(), watched);
        assertThat(told).containsSequence("take", "give back");
        told.clear();
        assertThatThrownBy(() -> PushReader.read(
                        new ByteArrayInputStream(bytes(body("{\"gateway_state\":" + large.replace(':', ' ') + "}"))),
                        new Contents(),
                        watched))
                .isInstanceOf(Problem.class);
        assertThat(told).contains("take").endsWith("give back");
    }

    @Test
    void boundsTheNumberOfFields() throws IOException {
        StringBuilder fields = new StringBuilder();
        for (int i = 0; i < 96; i++) {
            fields.append(",\"later ").append(i).append("\":1");
        }
        // three ids and times, and the data
        read("{" + IDS + fields + ",\"data\":{}}");
        assertThat(refused("{" + IDS + fields + ",\"one more\":1,\"data\":{}}").field())
                .isEqualTo("body");
    }

    @Test
    void boundsEveryName() {
        String name = "a".repeat(100_000);
        refused("{\"" + name + "\":1}");
        refused(body("{\"yjs_state\":{\"" + name + "\":\"\"}}"));
        refused("{\"a\":\"" + "a".repeat(2_000_000) + "\"," + IDS + ",\"data\":{}}");
    }

    private Problem refused(String body) {
        Problem problem = catchThrowableOfType(Problem.class, () -> read(body));
        assertThat(problem).as(body.length() > 200 ? "long" : body).isNotNull();
        assertThat(problem.type().status()).isEqualTo(400);
        return problem;
    }

    private ReceivedPush read(String body) throws IOException {
        return PushReader.read(new ByteArrayInputStream(bytes(body)), contents);
    }

    private static String body(String data) {
        return "{" + IDS + ",\"data\":" + data + "}";
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static InputStream inPieces(byte[] body, int bytes) {
        return new ByteArrayInputStream(body) {
            @Override
            public synchronized int read(byte[] target, int offset, int length) {
                return super.read(target, offset, Math.min(length, bytes));
            }
        };
    }

    private static final class Contents implements BlobReceiver {

        private final List<byte[]> all = new ArrayList<>();
        private ByteArrayOutputStream current = new ByteArrayOutputStream();

        @Override
        public void append(byte[] bytes, int length) {
            current.write(bytes, 0, length);
        }

        @Override
        public Received end() {
            byte[] content = current.toByteArray();
            current = new ByteArrayOutputStream();
            all.add(content);
            return new Received(Sha256.hash(content), content.length);
        }

        private List<String> texts() {
            return all.stream()
                    .map(content -> new String(content, StandardCharsets.UTF_8))
                    .toList();
        }
    }
}
