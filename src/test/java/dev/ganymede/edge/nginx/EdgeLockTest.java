package dev.ganymede.edge.nginx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ganymede.edge.EdgeException;
import dev.ganymede.edge.Route;
import dev.ganymede.id.Endpoint;
import dev.ganymede.id.Generation;
import dev.ganymede.id.OrganizationId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Several writers on one directory: threads of one process, and processes. */
@Timeout(60)
class EdgeLockTest {

    private static final String BASE = "base key and chain\n";

    @TempDir
    Path directory;

    @Test
    void onlyOneIsInside() {
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        List<CompletableFuture<Void>> all = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            EdgeLock lock = lock(Duration.ofSeconds(30));
            all.add(CompletableFuture.runAsync(() -> lock.run(() -> {
                most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                Thread.yield();
                inside.decrementAndGet();
            })));
        }
        all.forEach(CompletableFuture::join);
        assertThat(most).hasValue(1);
    }

    @Test
    void whoeverWaitsTooLongIsToldSo() {
        EdgeLock holder = lock(Duration.ofSeconds(1));
        holder.run(() -> assertThatThrownBy(() -> CompletableFuture.runAsync(
                                () -> lock(Duration.ofMillis(50)).run(() -> {}))
                        .join())
                .hasCauseInstanceOf(EdgeException.class));
        holder.run(() -> {});
    }

    @Test
    void anErrorInsideFreesIt() {
        EdgeLock lock = lock(Duration.ofSeconds(1));
        assertThatThrownBy(() -> lock.run(() -> {
                    throw new StackOverflowError();
                }))
                .isInstanceOf(StackOverflowError.class);
        lock(Duration.ofSeconds(1)).run(() -> {});
    }

    @Test
    void whatThePreviousOneForgotOrAnotherWroteIsSeen() {
        EdgeFiles files = new EdgeFiles(directory, "");
        FakeNginx nginx = new FakeNginx(files);
        EdgeWriter one = writer(files, nginx);
        EdgeWriter other = writer(files, nginx);
        one.apply(List.of(new Change.Ensure(BASE)));
        Route first = route(7101);
        Route second = route(7102);
        one.apply(List.of(new Change.Publish(first)));
        other.apply(List.of(new Change.Publish(second)));
        one.apply(List.of(new Change.Withdraw(first.organization())));
        other.apply(List.of(new Change.Publish(route(7103))));

        assertThat(files.read(EdgeFiles.UPSTREAMS).orElseThrow())
                .contains("7102", "7103")
                .doesNotContain("7101");
        assertThat(nginx.served()).hasSize(2);
    }

    @Test
    void twoProcessesEndWithTheUnion() throws Exception {
        List<Process> processes = List.of(publisher("7201", "25"), publisher("7202", "25"));
        for (Process process : processes) {
            assertThat(process.waitFor(50, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isZero();
        }
        EdgeFiles files = new EdgeFiles(directory, "");
        EdgeWriter reader = writer(files, new FakeNginx(files));
        assertThat(reader.published()).hasSize(50);
        assertThat(files.read(EdgeFiles.UPSTREAMS).orElseThrow()).contains(":7201;", ":7202;");
    }

    @Test
    void aKilledProcessLeavesNoLockBehind() throws Exception {
        Process holder = java(Holding.class, directory.toString());
        try {
            assertThat(holder.inputReader().readLine()).isEqualTo("held");
            EdgeLock lock = lock(Duration.ofMillis(200));
            assertThatThrownBy(() -> lock.run(() -> {})).isInstanceOf(EdgeException.class);
        } finally {
            holder.destroyForcibly().waitFor();
        }
        lock(Duration.ofSeconds(1)).run(() -> {});
    }

    /** The file is removed while it is held: the next one makes another, and both are told apart. */
    @Test
    void aRemovedLockFileIsMadeAgain() throws IOException {
        lock(Duration.ofSeconds(1)).run(() -> {});
        Files.delete(directory.resolve(EdgeFiles.LOCK));
        lock(Duration.ofSeconds(1))
                .run(() -> assertThat(directory.resolve(EdgeFiles.LOCK)).exists());
    }

    /** A process that publishes many routes to one port, one at a time, and withdraws every second one for a moment. */
    static final class Publishing {
        public static void main(String[] arguments) {
            EdgeFiles files = new EdgeFiles(Path.of(arguments[0]), "");
            EdgeWriter writer = writer(files, new FakeNginx(files));
            writer.apply(List.of(new Change.Ensure(BASE)));
            for (int i = 0; i < Integer.parseInt(arguments[2]); i++) {
                Route route = route(Integer.parseInt(arguments[1]));
                writer.apply(List.of(new Change.Publish(route)));
                if (i % 2 == 0) {
                    writer.apply(List.of(new Change.Withdraw(route.organization())));
                    writer.apply(List.of(new Change.Publish(route)));
                }
            }
        }
    }

    /** A process that never lets go. */
    static final class Holding {
        public static void main(String[] arguments) {
            new EdgeLock(Path.of(arguments[0], EdgeFiles.LOCK), Duration.ofSeconds(5)).run(() -> {
                System.out.println("held");
                new CompletableFuture<Void>().join();
            });
        }
    }

    private Process publisher(String port, String routes) throws IOException {
        return java(Publishing.class, directory.toString(), port, routes);
    }

    private Process java(Class<?> main, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .redirectError(directory.resolve("stderr").toFile())
                .start();
    }

    private EdgeLock lock(Duration patience) {
        return new EdgeLock(directory.resolve(EdgeFiles.LOCK), patience);
    }

    private static EdgeWriter writer(EdgeFiles files, NginxControl nginx) {
        return new EdgeWriter(Samples.settings(files.path("")), files, nginx, Clock.systemUTC(), Checkpoint.NONE);
    }

    private static Route route(int port) {
        return new Route(new OrganizationId(UUID.randomUUID()), new Endpoint("127.0.0.1", port), new Generation(1));
    }
}
