package dev.ganymede.snapshot;

import dev.ganymede.problem.Problem;
import dev.ganymede.problem.ProblemType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Base64;
import java.util.Locale;

/**
 * A JSON text as it comes in, taken piece by piece: punctuation and long base64 strings here, every other value by Jackson. Nothing of it is kept.
 *
 * <p>What is wrong is a {@link Problem} that says where, never what.
 */
final class JsonStream {

    private static final int BUFFER_BYTES = 64 * 1024;
    private static final int LARGE_BYTES = 1024 * 1024;
    // the longest rest of a base64 string, and its quote
    private static final int TAIL_BYTES = 8;

    private final InputStream in;
    private final LargeValues.Turn turn;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private final byte[] decoded = new byte[Base64Groups.targetBytes(BUFFER_BYTES)];
    private int position;
    private int limit;
    private long passedBytes;

    /** @param turn of values that are large */
    JsonStream(InputStream in, LargeValues.Turn turn) {
        this.in = in;
        this.turn = turn;
    }

    /** Takes decoded content. */
    @FunctionalInterface
    interface Sink {

        /** The bytes are the caller's: they change afterwards. */
        void write(byte[] bytes, int length) throws IOException;
    }

    /** The next character that is no white space; it is not taken. */
    byte peek() throws IOException {
        while (true) {
            while (position < limit) {
                switch (buffer[position]) {
                    case ' ', '\t', '\r', '\n' -> position++;
                    default -> {
                        return buffer[position];
                    }
                }
            }
            if (!more()) {
                throw malformed();
            }
        }
    }

    void expect(char character) throws IOException {
        if (peek() != character) {
            throw malformed();
        }
        position++;
    }

    /** After a member of an object: true when another one follows, false when that was the last one; either is taken. */
    boolean another() throws IOException {
        if (peek() == ',') {
            position++;
            return true;
        }
        expect('}');
        return false;
    }

    /** Begins an object; false when it has no members, then it is over. */
    boolean object() throws IOException {
        expect('{');
        if (peek() == '}') {
            position++;
            return false;
        }
        return true;
    }

    /** The name of a member, with its colon. */
    String name(int maxBytes) throws IOException {
        if (peek() != '"') {
            throw malformed();
        }
        String name = string(maxBytes);
        expect(':');
        return name;
    }

    /** Text of a string. */
    String string(int maxBytes) throws IOException {
        return JsonCheck.string(value(maxBytes)).orElseThrow(this::malformed);
    }

    /** Nothing but white space is left. */
    void end() throws IOException {
        do {
            while (position < limit) {
                if (" \t\r\n".indexOf(buffer[position++]) < 0) {
                    throw malformed();
                }
            }
        } while (more());
    }

    /** Any value, byte for byte as it was sent; it is valid. */
    byte[] value(int maxBytes) throws IOException {
        try {
            byte[] value = collect(maxBytes);
            if (!JsonCheck.isValid(value)) {
                throw malformed();
            }
            return value;
        } finally {
            turn.giveBack();
        }
    }

    private byte[] collect(int maxBytes) throws IOException {
        peek();
        JsonExtent extent = new JsonExtent();
        ByteArrayOutputStream value = new ByteArrayOutputStream();
        int end;
        do {
            end = extent.find(buffer, position, limit);
            int part = (end < 0 ? limit : end) - position;
            if (value.size() + part > maxBytes) {
                throw Problem.of(
                        ProblemType.INVALID_REQUEST, "A value of the body has more than " + maxBytes + " bytes.");
            }
            if (value.size() + part > LARGE_BYTES) {
                turn.take();
            }
            value.write(buffer, position, part);
            position += part;
        } while (end < 0 && next());
        return value.toByteArray();
    }

    /** A string of base64, decoded as it passes; padded, and with nothing in the bits that the padding leaves over. False: it is something else, decoding failed. */
    boolean base64(Sink sink) throws IOException {
        expect('"');
        while (true) {
            int taken = Base64Groups.decode(buffer, position, limit, decoded);
            sink.write(decoded, taken / 4 * 3);
            position += taken;
            if (limit - position > TAIL_BYTES) {
                return tail(sink);
            }
            // the rest may be the tail, or the beginning of another group
            if (endsHere()) {
                return tail(sink);
            }
            next();
        }
    }

    private boolean endsHere() {
        for (int i = position; i < limit; i++) {
            if (buffer[i] == '"') {
                return true;
            }
        }
        return false;
    }

    /** What is left before the quote is less than a group, if it is base64 at all. */
    private boolean tail(Sink sink) throws IOException {
        int end = position;
        while (end < limit && end - position < TAIL_BYTES + 1 && buffer[end] != '"') {
            end++;
        }
        if (end == limit || buffer[end] != '"') {
            return false;
        }
        byte[] rest = Arrays.copyOfRange(buffer, position, end);
        position = end + 1;
        try {
            byte[] bytes = Base64.getDecoder().decode(rest);
            sink.write(bytes, bytes.length);
            return Arrays.equals(Base64.getEncoder().encode(bytes), rest);
        } catch (IllegalArgumentException noBase64) {
            return false;
        }
    }

    Problem malformed() {
        return Problem.of(
                ProblemType.MALFORMED_JSON,
                String.format(Locale.ROOT, "The body can't be read as JSON at byte %d.", passedBytes + position));
    }

    private boolean next() throws IOException {
        if (!more()) {
            throw malformed();
        }
        return true;
    }

    /** Reads on behind what is left; false at the end. */
    private boolean more() throws IOException {
        System.arraycopy(buffer, position, buffer, 0, limit - position);
        passedBytes += position;
        limit -= position;
        position = 0;
        int read = in.read(buffer, limit, buffer.length - limit);
        limit += Math.max(0, read);
        return read > 0;
    }
}
