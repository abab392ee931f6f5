package dev.ganymede.faults;

/** The environment's daemons, stopped and started as the scripts do it. */
final class Parts {

    private final String environment;

    Parts(Environment environment) {
        this.environment = environment.name();
    }

    /** One action of {@code scripts/faults/part.sh}, such as {@code stop-pdns}. */
    void act(String action) {
        Shell.run("scripts/faults/part.sh", environment, action);
    }

    boolean can(String action) {
        return Shell.attempt(java.util.List.of("scripts/faults/part.sh", environment, action))
                        .exitCode()
                == 0;
    }
}
