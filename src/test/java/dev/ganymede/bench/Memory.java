package dev.ganymede.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The most memory that a process has had since it was last asked to forget that. */
interface Memory {

    void forget() throws IOException;

    /** Resident, in KiB. */
    OptionalLong peakKib() throws IOException;

    /** The heap as garbage collections found it, in MiB; empty when there was none. */
    default OptionalLong heapPeakMib() throws IOException {
        return OptionalLong.empty();
    }

    /** Of no process: the caller does the work itself. */
    Memory NONE = new Memory() {
        @Override
        public void forget() {}

        @Override
        public OptionalLong peakKib() {
            return OptionalLong.empty();
        }
    };

    /** As the kernel counts it (VmHWM). */
    static Memory of(LongSupplier pid) {
        return new Memory() {
            @Override
            public void forget() throws IOException {
                Files.writeString(Path.of("/proc/" + pid.getAsLong() + "/clear_refs"), "5");
            }

            @Override
            public OptionalLong peakKib() throws IOException {
                return Files.readAllLines(Path.of("/proc/" + pid.getAsLong() + "/status")).stream()
                        .filter(line -> line.startsWith("VmHWM:"))
                        .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                        .findFirst();
            }
        };
    }

    /** The same of a JVM, with its heap as its log of garbage collections tells. */
    static Memory ofJvm(long pid, Path heapLog) {
        Memory process = of(() -> pid);
        return new Memory() {
            private static final Pattern BEFORE = Pattern.compile(" (\\d+)M->\\d+M\\(\\d+M\\)");
            private long from;

            @Override
            public void forget() throws IOException {
                from = Files.size(heapLog);
                process.forget();
            }

            @Override
            public OptionalLong peakKib() throws IOException {
                return process.peakKib();
            }

            @Override
            public OptionalLong heapPeakMib() throws IOException {
                byte[] log = Files.readAllBytes(heapLog);
                int begin = (int) Math.min(from, log.length);
                Matcher collections =
                        BEFORE.matcher(new String(log, begin, log.length - begin, StandardCharsets.UTF_8));
                return collections
                        .results()
                        .mapToLong(found -> Long.parseLong(found.group(1)))
                        .max();
            }
        };
    }
}
