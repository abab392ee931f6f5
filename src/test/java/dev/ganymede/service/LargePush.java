package dev.ganymede.service;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;

/** The body of a push that is larger than a test wants to hold: made while it is sent, the same each time. */
record LargePush(UUID organization, UUID gateway, long seed, int projects, int charactersPerProject) {

    private static final byte[] ALPHABET =
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".getBytes(StandardCharsets.US_ASCII);

    BodyPublisher publisher() {
        long length = head().length() + dataLength() + 1;
        return BodyPublishers.fromPublisher(
                BodyPublishers.ofInputStream(() -> sequence(List.of(text(head()), data(), text("}")))), length);
    }

    /** As a pull has to give it back. */
    InputStream data() {
        List<InputStream> parts = new ArrayList<>();
        parts.add(text("{\"yjs_state\":{"));
        for (int i = 0; i < projects; i++) {
            parts.add(text((i == 0 ? "" : ",") + "\"" + new UUID(0x4000, 0x8000000000000000L + i) + "\":\""));
            parts.add(new Characters(new SplittableRandom(seed * 1_000 + i), charactersPerProject));
            parts.add(text("\""));
        }
        parts.add(text("}}"));
        return sequence(parts);
    }

    long dataLength() {
        return "{\"yjs_state\":{}}".length() + projects * (36L + 5 + charactersPerProject) + projects - 1;
    }

    private String head() {
        return "{\"organization_id\":\"" + organization + "\",\"gateway_id\":\"" + gateway
                + "\",\"timestamp\":\"2025-01-15T10:30:00Z\",\"data\":";
    }

    private static InputStream text(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static InputStream sequence(List<InputStream> parts) {
        return new SequenceInputStream(Collections.enumeration(parts));
    }

    private static final class Characters extends InputStream {

        private final SplittableRandom random;
        private int left;

        Characters(SplittableRandom random, int count) {
            this.random = random;
            this.left = count;
        }

        @Override
        public int read() {
            return left-- > 0 ? ALPHABET[random.nextInt() >>> 26] : -1;
        }
    }
}
