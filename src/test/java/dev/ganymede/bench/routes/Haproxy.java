package dev.ganymede.bench.routes;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** HAProxy's runtime interface: an entry of a map in memory, name to port. */
final class Haproxy extends Baseline {

    Haproxy(Path scripts, Path scratch, int port) throws IOException {
        super("haproxy", scripts, scratch, port);
    }

    @Override
    public String name() {
        return "HAProxy, runtime map";
    }

    @Override
    public void start(List<Tenant> tenants, int gatewayPort) throws Exception {
        Files.writeString(
                map(),
                tenants.stream()
                        .map(tenant -> tenant.host() + " " + gatewayPort + "\n")
                        .collect(Collectors.joining()));
        launch();
    }

    @Override
    public void move(Tenant tenant, int gatewayPort) throws Exception {
        try (SocketChannel admin = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            admin.connect(UnixDomainSocketAddress.of(directory.resolve("admin.sock")));
            String command = "set map " + map() + " " + tenant.host() + " " + gatewayPort + "\n";
            admin.write(ByteBuffer.wrap(command.getBytes(StandardCharsets.US_ASCII)));
            ByteBuffer answer = ByteBuffer.allocate(1024);
            while (admin.read(answer) >= 0) {
                if (!answer.hasRemaining()) {
                    throw new IOException("HAProxy says more than was asked");
                }
            }
            String said =
                    StandardCharsets.US_ASCII.decode(answer.flip()).toString().strip();
            if (!said.isEmpty()) {
                throw new IOException("HAProxy: " + said);
            }
        }
    }

    private Path map() {
        return directory.resolve("routes.map");
    }
}
