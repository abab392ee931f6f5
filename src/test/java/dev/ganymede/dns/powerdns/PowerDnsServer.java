package dev.ganymede.dns.powerdns;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** Debian's pdns_server with its gpgsql backend on an embedded PostgreSQL, on free ports of this machine. */
final class PowerDnsServer implements AutoCloseable {

    private static final Path SCHEMA = Path.of("/usr/share/pdns-backend-pgsql/schema/schema.pgsql.sql");
    private static final String KEY = "key-of-the-test";

    private final Path directory;
    private final EmbeddedPostgres postgres;
    private final int dnsPort = freePort();
    private final int apiPort = freePort();
    private Process process;

    PowerDnsServer(Path directory) throws IOException, SQLException {
        this.directory = directory;
        this.postgres = EmbeddedPostgres.builder()
                .setOutputRedirector(ProcessBuilder.Redirect.DISCARD)
                .setErrorRedirector(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (Connection connection = postgres.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(Files.readString(SCHEMA));
        }
        configure();
        start();
    }

    void start() throws IOException {
        process = new ProcessBuilder("/usr/sbin/pdns_server", "--config-dir=" + directory)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        directory.resolve("pdns.out").toFile()))
                .start();
        Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> listens(apiPort));
    }

    void stop() {
        process.destroy();
        process.onExit().orTimeout(10, TimeUnit.SECONDS).join();
    }

    int apiPort() {
        return apiPort;
    }

    int dnsPort() {
        return dnsPort;
    }

    PowerDnsConfig config(Map<String, String> overrides) {
        Map<String, String> values = new HashMap<>(
                Map.of("timeout", "PT3S", "powerdns.url", "http://127.0.0.1:" + apiPort, "powerdns.api-key", KEY));
        values.putAll(overrides);
        return Settings.with(values);
    }

    /** One value of the server's own database. */
    String query(String sql) {
        try (Connection connection = postgres.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            return rows.next() ? rows.getString(1) : "";
        } catch (SQLException failure) {
            throw new IllegalStateException(failure);
        }
    }

    @Override
    public void close() throws IOException {
        stop();
        postgres.close();
    }

    private void configure() throws IOException {
        Files.writeString(
                directory.resolve("pdns.conf"),
                """
            launch=gpgsql
            gpgsql-host=127.0.0.1
            gpgsql-port=%d
            gpgsql-dbname=postgres
            gpgsql-user=postgres
            local-address=127.0.0.1
            local-port=%d
            api=yes
            api-key=%s
            webserver=yes
            webserver-address=127.0.0.1
            webserver-port=%d
            webserver-allow-from=127.0.0.1
            default-api-rectify=no
            socket-dir=%s
            write-pid=no
            daemon=no
            guardian=no
            """
                        .formatted(postgres.getPort(), dnsPort, KEY, apiPort, directory));
    }

    private static boolean listens(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException notYet) {
            return false;
        }
    }

    private static int freePort() {
        try (ServerSocket tcp = new ServerSocket(0);
                DatagramSocket udp = new DatagramSocket(tcp.getLocalPort())) {
            return udp.getLocalPort();
        } catch (IOException taken) {
            throw new IllegalStateException(taken);
        }
    }
}
