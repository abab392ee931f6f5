package dev.ganymede.snapshot;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import dev.ganymede.id.GatewayId;
import dev.ganymede.id.OrganizationId;
import dev.ganymede.problem.Input;
import dev.ganymede.problem.Problem;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;

/**
 * The body of a push (seed 004 "POST /gateway/data/push"): read as tokens from the first byte to the last, never as a tree; {@code data} stays the bytes that were
 * sent.
 *
 * @param takenAt by the gateway's clock
 * @param data one JSON object, UTF-8
 */
record PushBody(OrganizationId organization, GatewayId gateway, Instant takenAt, Buffer data) {

    private static final int MAX_DEPTH = 100;

    private static final JsonFactory JSON = new JsonFactoryBuilder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .streamReadConstraints(StreamReadConstraints.builder()
                    // a project's whole state is one string; the body's limit bounds it
                    .maxStringLength(Integer.MAX_VALUE)
                    .maxNestingDepth(MAX_DEPTH)
                    .build())
            .build();

    /** Fails with a {@link Problem}, or Jackson's exception when it is no whole JSON document. */
    static PushBody parse(byte[] body) throws IOException {
        String organization = null;
        String gateway = null;
        String takenAt = null;
        Buffer data = null;
        try (JsonParser parser = JSON.createParser(body)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw Problem.invalid("body", "must be a JSON object");
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String field = parser.currentName();
                parser.nextToken();
                switch (field) {
                    case "organization_id" -> organization = text(parser);
                    case "gateway_id" -> gateway = text(parser);
                    case "timestamp" -> takenAt = text(parser);
                    case "data" -> data = object(parser, body);
                    default -> parser.skipChildren();
                }
            }
            if (parser.nextToken() != null) {
                throw Problem.invalid("body", "must be one JSON object and nothing after it");
            }
        }
        if (data == null) {
            throw Problem.invalid("data", "is missing");
        }
        return new PushBody(
                Input.organizationId("organization_id", organization),
                Input.gatewayId("gateway_id", gateway),
                instant(takenAt),
                data);
    }

    private static String text(JsonParser parser) throws IOException {
        return parser.currentToken() == JsonToken.VALUE_STRING ? parser.getText() : null;
    }

    private static Buffer object(JsonParser parser, byte[] body) throws IOException {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            throw Problem.invalid("data", "must be a JSON object");
        }
        int start = (int) parser.currentTokenLocation().getByteOffset();
        parser.skipChildren();
        int end = (int) parser.currentLocation().getByteOffset();
        return Buffer.buffer(end - start).setBytes(0, body, start, end - start);
    }

    private static Instant instant(String text) {
        try {
            return OffsetDateTime.parse(Input.required("timestamp", text)).toInstant();
        } catch (DateTimeException unreadable) {
            throw Problem.invalid("timestamp", "must be an RFC 3339 time, like 2025-01-15T10:30:00Z");
        }
    }
}
