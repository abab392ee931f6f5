package dev.ganymede.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.ganymede.problem.Problem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PushBodyTest {

    private static final String ORGANIZATION = "0b9b2c9e-3f0a-4c55-9c1c-2f5e6a7d8e90";
    private static final String GATEWAY = "7d1f7c0e-52e5-4a4f-8d0e-9a1b2c3d4e5f";
    private static final String HEAD = "{\"organization_id\":\"" + ORGANIZATION + "\",\"gateway_id\":\"" + GATEWAY
            + "\",\"timestamp\":\"2025-01-15T10:30:00Z\",";

    @Test
    void keepsTheDataByteForByte() throws IOException {
        String data = "{ \"yjs_state\" : {\"ä\":\"AAEC\"},\n \"gateway_state\":{\"n\":1.50, \"emoji\":\"🪐\"} }";
        PushBody body = parse(HEAD + "\"data\": " + data + " , \"later\":[1,{}]}");
        assertThat(body.organization()).hasToString(ORGANIZATION);
        assertThat(body.gateway()).hasToString(GATEWAY);
        assertThat(body.takenAt()).isEqualTo(Instant.parse("2025-01-15T10:30:00Z"));
        assertThat(body.data().toString(StandardCharsets.UTF_8)).isEqualTo(data);
    }

    @Test
    void acceptsTheFieldsInAnyOrder() throws IOException {
        PushBody body = parse("{\"data\":{},\"timestamp\":\"2025-01-15T11:30:00+01:00\",\"gateway_id\":\"" + GATEWAY
                + "\",\"organization_id\":\"" + ORGANIZATION + "\"}");
        assertThat(body.data().toString()).isEqualTo("{}");
        assertThat(body.takenAt()).isEqualTo(Instant.parse("2025-01-15T10:30:00Z"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                HEAD_OPEN + "\"data\":{\"yjs_state\":{\"a\":\"AA",
                HEAD_OPEN + "\"data\":{\"a\":1,\"a\":2}}",
                HEAD_OPEN + "\"data\":{}}}",
                HEAD_OPEN + "\"data\":{'a':1}}"
            })
    void refusesWhatIsNoWholeJsonDocument(String text) {
        assertThatThrownBy(() -> parse(text)).isInstanceOfAny(JsonProcessingException.class, Problem.class);
    }

    private static final String HEAD_OPEN = "{\"organization_id\":\"0b9b2c9e-3f0a-4c55-9c1c-2f5e6a7d8e90\","
            + "\"gateway_id\":\"7d1f7c0e-52e5-4a4f-8d0e-9a1b2c3d4e5f\",\"timestamp\":\"2025-01-15T10:30:00Z\",";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[]",
                "null",
                "{\"organization_id\":\"../../etc\",\"gateway_id\":\"a;reload\",\"timestamp\":\"now\",\"data\":{}}",
                HEAD_OPEN + "\"data\":null}",
                HEAD_OPEN + "\"data\":[]}",
                "{\"data\":{}}"
            })
    void namesTheFieldThatIsWrong(String text) {
        assertThatThrownBy(() -> parse(text)).isInstanceOf(Problem.class).hasMessageContaining(":");
    }

    @Test
    void boundsTheDepth() {
        String deep = "[".repeat(5_000) + "]".repeat(5_000);
        assertThatThrownBy(() -> parse(HEAD + "\"data\":{\"a\":" + deep + "}}"))
                .isInstanceOf(JsonProcessingException.class);
    }

    private static PushBody parse(String text) throws IOException {
        return PushBody.parse(text.getBytes(StandardCharsets.UTF_8));
    }
}
