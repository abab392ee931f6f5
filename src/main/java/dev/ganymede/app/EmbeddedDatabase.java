package dev.ganymede.app;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A real PostgreSQL that belongs to this process: for the jar run alone, and for tests. Its directory persists.
 *
 * <p>The library behind it is made for tests and switches durability off ({@code -F}, {@code synchronous_commit=off}); here both are switched on again, and
 * that is checked, since an acknowledged push must survive anything (invariant 4).
 */
final class EmbeddedDatabase {

    private static final Duration STARTUP_TIMEOUT = Duration.ofSeconds(60);
    private static final Duration ORPHAN_TIMEOUT = Duration.ofSeconds(20);

    private final EmbeddedPostgres postgres;

    private EmbeddedDatabase(EmbeddedPostgres postgres) {
        this.postgres = postgres;
    }

    /** Starts it in {@code $GANYMEDE_DATA_DIR/postgres} (default {@code data/postgres}). */
    static EmbeddedDatabase start() throws IOException {
        String dataDirectory =
                Optional.ofNullable(System.getenv("GANYMEDE_DATA_DIR")).orElse("data");
        Path directory = Path.of(dataDirectory, "postgres").toAbsolutePath();
        System.out.println("Ganymede: GANYMEDE_DB_URL is not set, starting an embedded PostgreSQL in " + directory);
        return start(directory);
    }

    static EmbeddedDatabase start(Path directory) throws IOException {
        Files.createDirectories(directory);
        endOrphan(directory.resolve("postmaster.pid"));
        EmbeddedPostgres postgres = EmbeddedPostgres.builder()
                .setDataDirectory(directory)
                .setCleanDataDirectory(false)
                .setPGStartupWait(STARTUP_TIMEOUT)
                .setServerConfig("fsync", "on")
                .setServerConfig("full_page_writes", "on")
                .setServerConfig("synchronous_commit", "on")
                .setServerConfig("listen_addresses", "127.0.0.1")
                .setServerConfig("max_connections", "100")
                .setServerConfig("log_min_messages", "warning")
                .start();
        requireDurable(postgres);
        return new EmbeddedDatabase(postgres);
    }

    /** As the service wants it. */
    String url() {
        return "postgresql://127.0.0.1:" + postgres.getPort() + "/postgres";
    }

    void stop() throws IOException {
        postgres.close();
    }

    /** A killed Ganymede leaves its PostgreSQL running; it has no clients any more and ends when told to. */
    private static void endOrphan(Path pidFile) throws IOException {
        if (!Files.exists(pidFile)) {
            return;
        }
        List<String> lines = Files.readAllLines(pidFile);
        Optional<ProcessHandle> orphan = lines.isEmpty()
                ? Optional.empty()
                : ProcessHandle.of(Long.parseLong(lines.get(0).strip())).filter(EmbeddedDatabase::isPostgres);
        if (orphan.isEmpty()) {
            return;
        }
        System.out.println("Ganymede: ending the PostgreSQL that an earlier run left behind");
        orphan.get().destroy();
        try {
            orphan.get().onExit().get(ORPHAN_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException stuck) {
            throw new IOException("the PostgreSQL that an earlier run left behind does not end", stuck);
        }
    }

    private static boolean isPostgres(ProcessHandle process) {
        return process.info()
                .command()
                .filter(command -> command.endsWith("postgres"))
                .isPresent();
    }

    private static void requireDurable(EmbeddedPostgres postgres) throws IOException {
        for (String setting : List.of("fsync", "full_page_writes", "synchronous_commit")) {
            try (Connection connection = postgres.getPostgresDatabase().getConnection();
                    Statement statement = connection.createStatement();
                    ResultSet value = statement.executeQuery("show " + setting)) {
                value.next();
                if (!"on".equals(value.getString(1))) {
                    throw new IllegalStateException("the embedded PostgreSQL runs with " + setting + " off");
                }
            } catch (SQLException failure) {
                postgres.close();
                throw new IOException("the embedded PostgreSQL does not answer", failure);
            }
        }
    }
}
