package dev.ganymede.faults;

import java.util.List;
import java.util.UUID;

/** The environment's gateway containers, and what is done to them behind Ganymede's back. */
final class Docker {

    /** One container with our label, whatever its state. */
    record Container(String id, String name, String state, UUID gateway, UUID life) {}

    private static final String FORMAT =
            "{{.ID}}|{{.Names}}|{{.State}}|{{.Label \"dev.ganymede.gateway\"}}|{{.Label \"dev.ganymede.life\"}}";

    private final String environment;

    Docker(Environment environment) {
        this.environment = environment.name();
    }

    List<Container> containers() {
        String listed = Shell.run(
                "docker",
                "ps",
                "--all",
                "--no-trunc",
                "--filter",
                "label=dev.ganymede.environment=" + environment,
                "--filter",
                "label=dev.ganymede.gateway",
                "--format",
                FORMAT);
        return listed.lines()
                .map(line -> line.split("\\|"))
                .map(part ->
                        new Container(part[0], part[1], part[2], UUID.fromString(part[3]), UUID.fromString(part[4])))
                .toList();
    }

    /** Such as {@code KILL}. */
    void signal(String signal, String container) {
        Shell.run("docker", "kill", "--signal", signal, container);
    }

    void act(String verb, String... arguments) {
        String[] command = new String[arguments.length + 2];
        command[0] = "docker";
        command[1] = verb;
        System.arraycopy(arguments, 0, command, 2, arguments.length);
        Shell.run(command);
    }
}
