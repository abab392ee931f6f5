package dev.ganymede.id;

import java.util.UUID;
import java.util.regex.Pattern;

/**
 * Parses UUIDs in their canonical form (RFC 9562, 36 characters, lower or upper case).
 *
 * <p>{@link UUID#fromString} accepts {@code "1-1-1-1-1"}; names built from ids end up in DNS, nginx and paths, so nothing
 * but the canonical form is let in.
 */
final class CanonicalUuid {

    private static final Pattern CANONICAL =
            Pattern.compile("[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}");

    private CanonicalUuid() {}

    static UUID parse(String text) {
        if (text == null || !CANONICAL.matcher(text).matches()) {
            throw new IllegalArgumentException("not a UUID");
        }
        return UUID.fromString(text);
    }
}
