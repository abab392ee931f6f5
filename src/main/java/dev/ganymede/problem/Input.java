package dev.ganymede.problem;

import dev.ganymede.id.GatewayId;
import dev.ganymede.id.OrganizationId;
import dev.ganymede.id.ProjectId;
import dev.ganymede.id.UserId;
import java.util.function.Function;
import java.util.regex.Pattern;

/** Turns request text into typed values, or into a problem that names the field. */
public final class Input {

    private static final int MAX_NAME_CODE_POINTS = 200;
    private static final Pattern DIGITS = Pattern.compile("[0-9]{1,9}");

    private Input() {}

    public static OrganizationId organizationId(String field, String text) {
        return parse(field, text, OrganizationId::parse);
    }

    public static ProjectId projectId(String field, String text) {
        return parse(field, text, ProjectId::parse);
    }

    public static GatewayId gatewayId(String field, String text) {
        return parse(field, text, GatewayId::parse);
    }

    public static UserId userId(String field, String text) {
        return parse(field, text, UserId::parse);
    }

    /** A display name: any Unicode but control characters, 1 to 200 code points, not blank; outer white space is dropped. */
    public static String name(String field, String text) {
        String name = required(field, text).strip();
        int length = name.codePointCount(0, name.length());
        if (length < 1 || length > MAX_NAME_CODE_POINTS) {
            throw Problem.invalid(field, "must have 1 to " + MAX_NAME_CODE_POINTS + " characters, has " + length);
        }
        if (name.codePoints().anyMatch(Input::notText)) {
            throw Problem.invalid(field, "must not contain control characters");
        }
        return name;
    }

    /** A whole number from 1 to the maximum. */
    public static int number(String field, String text, int max) {
        if (!DIGITS.matcher(required(field, text)).matches()
                || Integer.parseInt(text) > max
                || Integer.parseInt(text) < 1) {
            throw Problem.invalid(field, "must be 1 to " + max);
        }
        return Integer.parseInt(text);
    }

    /** The body itself: absent or {@code null} is an error here rather than later. */
    public static <T> T body(T body) {
        if (body == null) {
            throw Problem.of(ProblemType.INVALID_REQUEST, "The request has no body.");
        }
        return body;
    }

    /** Any text that must be there. */
    public static String required(String field, String text) {
        if (text == null) {
            throw Problem.invalid(field, "is missing");
        }
        return text;
    }

    private static boolean notText(int codePoint) {
        int type = Character.getType(codePoint);
        return type == Character.CONTROL
                || type == Character.SURROGATE
                || type == Character.LINE_SEPARATOR
                || type == Character.PARAGRAPH_SEPARATOR;
    }

    private static <T> T parse(String field, String text, Function<String, T> parser) {
        try {
            return parser.apply(required(field, text));
        } catch (IllegalArgumentException notCanonical) {
            throw Problem.invalid(field, "must be a UUID, like 0b9b2c9e-3f0a-4c55-9c1c-2f5e6a7d8e90");
        }
    }
}
