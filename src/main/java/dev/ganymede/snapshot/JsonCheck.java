package dev.ganymede.snapshot;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Whether bytes are one JSON value: its grammar, no name twice in an object, UTF-8 without a flaw, not nested too deep. */
final class JsonCheck {

    private static final int MAX_DEPTH = 100;

    private static final JsonFactory JSON = new JsonFactoryBuilder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .streamReadConstraints(StreamReadConstraints.builder()
                    // whoever reads a value bounds it
                    .maxStringLength(Integer.MAX_VALUE)
                    .maxNestingDepth(MAX_DEPTH)
                    .build())
            .build();

    private JsonCheck() {}

    static boolean isValid(byte[] value) throws IOException {
        return read(value).isPresent();
    }

    /** Empty: it is not valid, or no string. */
    static Optional<String> string(byte[] value) throws IOException {
        return value.length > 0 && value[0] == '"' ? read(value) : Optional.empty();
    }

    /** Text of the value when it is a string, something when it is another one. */
    private static Optional<String> read(byte[] value) throws IOException {
        try (Reader strict =
                        new InputStreamReader(new ByteArrayInputStream(value), StandardCharsets.UTF_8.newDecoder());
                JsonParser parser = JSON.createParser(strict)) {
            String text = parser.nextToken() == JsonToken.VALUE_STRING ? parser.getText() : "";
            parser.skipChildren();
            return parser.nextToken() == null ? Optional.of(text) : Optional.empty();
        } catch (JsonProcessingException | CharacterCodingException invalid) {
            return Optional.empty();
        }
    }
}
