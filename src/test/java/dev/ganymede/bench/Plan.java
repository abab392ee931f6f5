package dev.ganymede.bench;

import java.time.Duration;
import java.util.List;

/** How much is measured. */
enum Plan {
    FULL(
            List.of(
                    new Shape("10 MiB, 20 projects", mib(10), 20, 8, 20, 12),
                    new Shape("64 MiB, 100 projects", mib(64), 100, 1, 0, 6)),
            new Autosaving(
                    200,
                    new Shape("1 MiB, 20 projects", mib(1), 20, 0, 0, 0),
                    Duration.ofSeconds(30),
                    Duration.ofSeconds(60))),

    /** To see that all of it works; its figures mean nothing. */
    QUICK(
            List.of(
                    new Shape("256 KiB, 5 projects", mib(1) / 4, 5, 0, 0, 2),
                    new Shape("1 MiB, 10 projects", mib(1), 10, 0, 0, 2)),
            new Autosaving(
                    10,
                    new Shape("64 KiB, 5 projects", mib(1) / 16, 5, 0, 0, 0),
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(2)));

    /**
     * A kind of snapshot.
     *
     * @param bytes of a push's body, JSON with base64, as the seed has it
     * @param warmUps rounds that are not counted
     * @param warmUpPulls how many more pulls than one each of them has, on every side
     */
    record Shape(String name, int bytes, int projects, int warmUps, int warmUpPulls, int rounds) {}

    /**
     * Organizations that save all the time.
     *
     * @param every from one save of an organization to its next one
     * @param lasting how long they are watched
     */
    record Autosaving(int organizations, Shape shape, Duration every, Duration lasting) {}

    private final List<Shape> shapes;
    private final Autosaving autosaving;

    Plan(List<Shape> shapes, Autosaving autosaving) {
        this.shapes = shapes;
        this.autosaving = autosaving;
    }

    List<Shape> shapes() {
        return shapes;
    }

    Autosaving autosaving() {
        return autosaving;
    }

    private static int mib(int count) {
        return count * 1024 * 1024;
    }
}
