package dev.ganymede.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the suite measured and saw: {@code target/faults/figures.json}, and {@code figures.md} with the tables of docs/reliability.md. Written after each
 * scenario, so that a run that is cut short leaves what it has.
 */
final class Figures {

    /** One fault: what its caller got, what its operator saw, how it healed. */
    record Fault(String fault, String caller, String operator, String healed) {}

    private static final Path DIRECTORY = Path.of("target/faults");

    private final Map<String, String> measures = new LinkedHashMap<>();
    private final List<Fault> faults = new ArrayList<>();

    synchronized void measure(String what, Object value) {
        measures.put(what, String.valueOf(value));
        say(what + ": " + value);
        write();
    }

    synchronized void fault(String fault, String caller, String operator, String healed) {
        faults.add(new Fault(fault, caller, operator, healed));
        say(fault + " | caller: " + caller + " | operator: " + operator + " | healed: " + healed);
        write();
    }

    /** One line of progress. */
    static void say(String line) {
        System.out.println("faults: " + line);
    }

    private void write() {
        try {
            Files.createDirectories(DIRECTORY);
            Map<String, Object> all = new LinkedHashMap<>();
            all.put("measures", measures);
            all.put("faults", faults);
            Files.writeString(
                    DIRECTORY.resolve("figures.json"),
                    Api.JSON.writerWithDefaultPrettyPrinter().writeValueAsString(all) + "\n");
            Files.writeString(DIRECTORY.resolve("figures.md"), markdown());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String markdown() {
        StringBuilder text = new StringBuilder("| measure | figure |\n|---|---|\n");
        measures.forEach((what, value) -> row(text, what, value));
        text.append("\n| fault | the caller | the operator | healed |\n|---|---|---|---|\n");
        faults.forEach(fault -> row(text, fault.fault(), fault.caller(), fault.operator(), fault.healed()));
        return text.toString();
    }

    private static void row(StringBuilder text, String... cells) {
        for (String cell : cells) {
            text.append("| ")
                    .append(cell.replace("|", "\\|").replace('\n', ' '))
                    .append(' ');
        }
        text.append("|\n");
    }
}
