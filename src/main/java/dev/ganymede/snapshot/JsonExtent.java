package dev.ganymede.snapshot;

/** Finds where one JSON value ends, by its brackets and quotes alone; whether it is valid is for a parser to say. */
final class JsonExtent {

    private boolean begun;
    private boolean bare;
    private boolean quoted;
    private boolean escaped;
    private int depth;

    /** Index behind the value's last byte; -1: it goes on behind {@code to}. Called again with what follows. */
    int find(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            if (begun && bare && endsBare(bytes[i])) {
                return i;
            }
            take(bytes[i]);
            if (!bare && !quoted && depth == 0) {
                return i + 1;
            }
        }
        return -1;
    }

    private void take(byte character) {
        if (quoted) {
            quoted = escaped || character != '"';
            escaped = !escaped && character == '\\';
            return;
        }
        switch (character) {
            case '"' -> quoted = true;
            case '{', '[' -> depth++;
            case '}', ']' -> depth--;
            // a number or a word
            default -> bare |= !begun;
        }
        begun = true;
    }

    private static boolean endsBare(byte character) {
        return switch (character) {
            case ',', '}', ']', ' ', '\t', '\r', '\n' -> true;
            default -> false;
        };
    }
}
