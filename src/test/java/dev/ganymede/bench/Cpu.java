package dev.ganymede.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** Time on a processor, as the kernel counts it for processes. */
final class Cpu {

    // USER_HZ is 100 on every Linux that Ganymede runs on
    private static final long MILLIS_PER_TICK = 10;

    private Cpu() {}

    /** Of one process, with all its threads. */
    static Duration of(long pid) throws IOException {
        long[] times = times(pid);
        return Duration.ofMillis((times[0] + times[1]) * MILLIS_PER_TICK);
    }

    /** Of a server with its children, also those that have ended. */
    static Duration ofFamily(long pid) throws IOException {
        Duration children = children(pid).mapToObj(Cpu::ofLiving).reduce(Duration.ZERO, Duration::plus);
        return Duration.ofMillis(LongStream.of(times(pid)).sum() * MILLIS_PER_TICK)
                .plus(children);
    }

    private static LongStream children(long pid) throws IOException {
        try (Stream<ProcessHandle> children =
                ProcessHandle.of(pid).orElseThrow().children()) {
            return children.mapToLong(ProcessHandle::pid).sorted();
        }
    }

    private static Duration ofLiving(long pid) {
        try {
            return of(pid);
        } catch (IOException ended) {
            return Duration.ZERO;
        }
    }

    /** User and system time, and both of the children that were waited for, in ticks. */
    private static long[] times(long pid) throws IOException {
        String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
        // the name, in parentheses, may contain anything
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return Stream.of(fields).skip(11).limit(4).mapToLong(Long::parseLong).toArray();
    }
}
