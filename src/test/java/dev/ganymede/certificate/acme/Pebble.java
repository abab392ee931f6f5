package dev.ganymede.certificate.acme;

import dev.ganymede.certificate.IssueResult;
import dev.ganymede.certificate.KeyAndChain;
import dev.ganymede.certificate.TestCertificates;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.awaitility.Awaitility;

/** Debian's pebble, Let's Encrypt's server for tests: it looks at every proof, and refuses one nonce in twenty. */
public final class Pebble implements AutoCloseable {

    private static final Path BINARY = Path.of("/usr/bin/pebble");

    private final Path directory;
    private final Path trustFile;
    private final int port = freePort();
    private final int managementPort = freePort();
    private final int dnsPort;
    private Process process;

    /** @param dnsPort of the name server on this machine that answers for the names to be proven */
    public Pebble(Path directory, int dnsPort) throws Exception {
        this(directory, dnsPort, Map.of());
    }

    /** @param customers keys (base64url) by their ids; when there are any, it takes accounts of these only */
    Pebble(Path directory, int dnsPort, Map<String, String> customers) throws Exception {
        this.directory = directory;
        this.dnsPort = dnsPort;
        TestCertificates own = new TestCertificates(directory.resolve("own"));
        KeyAndChain certificate = ((IssueResult.Issued)
                        own.issuer().issue(List.of("localhost")).await().atMost(Duration.ofSeconds(10)))
                .certificate();
        trustFile = Files.writeString(directory.resolve("trust.pem"), own.rootPem());
        Path key = Files.writeString(directory.resolve("key.pem"), certificate.keyPem());
        Path chain = Files.writeString(directory.resolve("chain.pem"), certificate.chainPem());
        Files.writeString(
                directory.resolve("pebble.json"),
                """
                {"pebble": {"listenAddress": "127.0.0.1:%d", "managementListenAddress": "127.0.0.1:%d",
                    "certificate": "%s", "privateKey": "%s", "httpPort": 5002, "tlsPort": 5001,
                    "ocspResponderURL": "", "externalAccountBindingRequired": %s, "externalAccountMACKeys": %s}}
                """
                        .formatted(
                                port,
                                managementPort,
                                chain,
                                key,
                                !customers.isEmpty(),
                                new JsonObject(Map.copyOf(customers)).encode()));
        start();
    }

    private void start() throws Exception {
        ProcessBuilder command = new ProcessBuilder(
                BINARY.toString(),
                "-config",
                directory.resolve("pebble.json").toString(),
                "-dnsserver",
                "127.0.0.1:" + dnsPort);
        // it looks at once, instead of after up to 15 s
        command.environment().putAll(Map.of("PEBBLE_VA_NOSLEEP", "1", "PEBBLE_VA_ALWAYS_VALID", "0"));
        command.redirectErrorStream(true);
        command.redirectOutput(
                ProcessBuilder.Redirect.appendTo(directory.resolve("pebble.out").toFile()));
        process = command.start();
        Awaitility.await().atMost(Duration.ofSeconds(30)).ignoreExceptions().until(() -> !roots().isEmpty());
    }

    public URI acmeDirectory() {
        return URI.create("https://localhost:" + port + "/dir");
    }

    /** Vouches for its own server. */
    public Path trustFile() {
        return trustFile;
    }

    /** The authority behind what it issues, made anew at each start (PEM). */
    public String roots() throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("https://localhost:" + managementPort + "/roots/0"))
                .timeout(Duration.ofSeconds(5))
                .build();
        return client().send(request, BodyHandlers.ofString()).body();
    }

    private HttpClient client() throws Exception {
        KeyStore anchors = KeyStore.getInstance(KeyStore.getDefaultType());
        anchors.load(null, null);
        try (InputStream file = Files.newInputStream(trustFile)) {
            anchors.setCertificateEntry(
                    "own", CertificateFactory.getInstance("X.509").generateCertificate(file));
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(anchors);
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(null, trust.getTrustManagers(), null);
        return HttpClient.newBuilder().sslContext(tls).build();
    }

    /** With it, everything that it knows is gone: accounts, orders, its own authority. */
    public void restart() throws Exception {
        stop();
        start();
    }

    void stop() {
        process.destroy();
        process.onExit().orTimeout(10, TimeUnit.SECONDS).join();
    }

    @Override
    public void close() {
        stop();
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException failure) {
            throw new IllegalStateException(failure);
        }
    }
}
