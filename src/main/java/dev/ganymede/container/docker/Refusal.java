package dev.ganymede.container.docker;

import com.github.dockerjava.api.exception.DockerException;
import dev.ganymede.container.CreateResult;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the engine meant by an error. Its API has no codes for these; the phrases are those of the engines 20.10 to 29.
 */
final class Refusal {

    private static final int MAX_LENGTH = 300;
    private static final Pattern MESSAGE = Pattern.compile("\"message\"\\s*:\\s*\"((?:[^\"\\\\]|\\\\.)*)\"");

    private Refusal() {}

    static CreateResult ofCreate(DockerException refusal, String name) {
        boolean conflict = refusal.getHttpStatus() == 409;
        return conflict && reason(refusal).contains("name")
                ? new CreateResult.NameTaken(name)
                : new CreateResult.Refused(reason(refusal));
    }

    static CreateResult ofStart(DockerException refusal) {
        String reason = reason(refusal);
        String words = reason.toLowerCase(Locale.ROOT);
        boolean portTaken = words.contains("port is already allocated") || words.contains("address already in use");
        return portTaken ? new CreateResult.PortTaken(reason) : new CreateResult.Refused(reason);
    }

    /** The engine's own sentence on one line, bounded. */
    static String reason(DockerException refusal) {
        String text = refusal.getMessage() == null ? "" : refusal.getMessage();
        Matcher message = MESSAGE.matcher(text);
        String sentence = message.find() ? message.group(1).replaceAll("\\\\(.)", "$1") : text;
        String line = sentence.replaceAll("\\s+", " ").strip();
        return line.length() <= MAX_LENGTH ? line : line.substring(0, MAX_LENGTH) + "…";
    }
}
