package dev.ganymede.edge.nginx;

import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/** The nginx processes that belong to one edge directory. Blocking; every call is bounded in time and fails with {@code EdgeException}. */
interface NginxControl {

    int ATTEMPTS = 3;

    /** Fails with {@link RefusedByNginx}, and nginx's own words, when it would not load this configuration. */
    void check(Path configuration);

    /** Names a running nginx in its pid file again when that was lost; removes what a killed one left behind and what would keep the next from starting. */
    void tidy();

    boolean running();

    /** Whether the process that its pid file names runs; cheaper than {@link #running}, which also finds one that lost its pid file. */
    boolean listed();

    /** The version that a worker which accepts connections answers with; empty when none answers, or the one that took the question retires. */
    Optional<String> version();

    /** The same, asked again when nobody answers: a worker that retires closes the connection it has just accepted, the next one goes to its successor. */
    default Optional<String> patientVersion() {
        return Stream.generate(this::version)
                .limit(ATTEMPTS)
                .flatMap(Optional::stream)
                .findFirst();
    }

    /** The routes in its memory, in mode {@code lua}. */
    RouteTable table();

    /** Returns when the configuration of this version is the only one that accepts connections. */
    void reload(String version);
}
