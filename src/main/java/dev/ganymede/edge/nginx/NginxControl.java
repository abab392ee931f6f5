package dev.ganymede.edge.nginx;

import java.nio.file.Path;
import java.util.Optional;

/** The nginx processes that belong to one edge directory. Blocking; every call is bounded in time and fails with {@code EdgeException}. */
interface NginxControl {

    /** Fails with {@link RefusedByNginx}, and nginx's own words, when it would not load this configuration. */
    void check(Path configuration);

    /** Names a running nginx in its pid file again when that was lost; removes what a killed one left behind and what would keep the next from starting. */
    void tidy();

    boolean running();

    /** Whether the process that its pid file names runs; cheaper than {@link #running}, which also finds one that lost its pid file. */
    boolean listed();

    /** The version that a worker which accepts connections answers with; empty when none answers. */
    Optional<String> version();

    /** Returns when the configuration of this version is the only one that accepts connections. */
    void reload(String version);
}
