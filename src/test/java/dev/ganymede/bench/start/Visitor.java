package dev.ganymede.bench.start;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/** Somebody who comes to an organization's name for the first time: a new connection, TLS with its certificate checked, one request. */
final class Visitor {

    private static final int TIMEOUT_MILLIS = 5_000;

    private final Settings settings;
    private final SSLContext tls;

    Visitor(Settings settings) throws IOException, GeneralSecurityException {
        this.settings = settings;
        this.tls = trusting(settings);
    }

    private static SSLContext trusting(Settings settings) throws IOException, GeneralSecurityException {
        KeyStore authorities = KeyStore.getInstance(KeyStore.getDefaultType());
        authorities.load(null, null);
        try (InputStream pem = Files.newInputStream(settings.authority())) {
            authorities.setCertificateEntry(
                    "edge", CertificateFactory.getInstance("X.509").generateCertificate(pem));
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(authorities);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }

    /** The same for a name that may not be there yet: 0 then. */
    int statusOf(String organization) {
        try {
            return visit(organization);
        } catch (IOException notYet) {
            return 0;
        }
    }

    /** The status that the organization's {@code /health} answers. */
    int visit(String organization) throws IOException {
        String host = "org-" + organization + "." + settings.domain();
        try (Socket plain = new Socket(settings.edgeHost(), settings.edgePort());
                SSLSocket socket =
                        (SSLSocket) tls.getSocketFactory().createSocket(plain, host, settings.edgePort(), true)) {
            var parameters = socket.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            socket.setSSLParameters(parameters);
            socket.setSoTimeout(TIMEOUT_MILLIS);
            socket.getOutputStream()
                    .write(("GET /health HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            String line = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))
                    .readLine();
            return line == null ? 0 : Integer.parseInt(line.split(" ")[1]);
        }
    }
}
