package dev.ganymede.snapshot;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** Stands between a client and the database, and strikes at the n-th message that has something done: the connection is lost, or its client dies, or something else happens just then. */
final class CuttingProxy implements Closeable {

    /** What becomes of the message that it is cut at. */
    enum Cut {
        /** The database never sees it. */
        BEFORE,
        /** The database does what it says; the answer is lost. */
        AFTER
    }

    private final ServerSocket door;
    private final int port;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private int left;
    private Supplier<Optional<Cut>> blow;
    private boolean dead;

    CuttingProxy(int port) throws IOException {
        this.port = port;
        this.door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        start(this::accept);
    }

    int port() {
        return door.getLocalPort();
    }

    /** One connection is lost, and its client lives on. Messages are counted from now on, but for those that only connect or prepare. */
    void cutAt(int message, Cut how) {
        strikeAt(message, () -> Optional.of(how));
    }

    /** The client dies: neither this nor anything after it comes through, until the proxy is disarmed. */
    void dieAt(int message) {
        strikeAt(message, () -> {
            dead = true;
            return Optional.of(Cut.BEFORE);
        });
    }

    /** The message waits until the deed is done, and then goes on its way. */
    void doAt(int message, Runnable deed) {
        strikeAt(message, () -> {
            deed.run();
            return Optional.empty();
        });
    }

    private synchronized void strikeAt(int message, Supplier<Optional<Cut>> how) {
        left = message;
        blow = how;
    }

    /** False: it has struck meanwhile. */
    synchronized boolean disarm() {
        boolean whole = left > 0;
        left = 0;
        dead = false;
        return whole;
    }

    private synchronized Optional<Cut> next(byte type) {
        if (dead) {
            return Optional.of(Cut.BEFORE);
        }
        boolean counts = type == 'B' || type == 'Q';
        return counts && left > 0 && --left == 0 ? blow.get() : Optional.empty();
    }

    private void accept() throws IOException {
        while (true) {
            Socket client = door.accept();
            Socket server = new Socket(InetAddress.getLoopbackAddress(), port);
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
            open.add(client);
            open.add(server);
            Flow flow = new Flow(client, server);
            start(flow::requests);
            start(flow::answers);
        }
    }

    private final class Flow {

        private final Socket client;
        private final Socket server;
        private volatile boolean deaf;

        private Flow(Socket client, Socket server) {
            this.client = client;
            this.server = server;
        }

        private void requests() throws IOException {
            byte[] bytes = new byte[1 << 16];
            InputStream in = client.getInputStream();
            OutputStream out = server.getOutputStream();
            for (int length = in.read(bytes); length >= 0; length = in.read(bytes)) {
                Optional<Cut> how = next(bytes[0]);
                if (how.filter(Cut.BEFORE::equals).isPresent()) {
                    break;
                }
                deaf = how.isPresent();
                out.write(bytes, 0, length);
            }
            end();
        }

        private void answers() throws IOException {
            byte[] bytes = new byte[1 << 16];
            InputStream in = server.getInputStream();
            OutputStream out = client.getOutputStream();
            for (int length = in.read(bytes); length >= 0 && !deaf; length = in.read(bytes)) {
                out.write(bytes, 0, length);
            }
            end();
        }

        private void end() throws IOException {
            client.close();
            server.close();
            open.remove(client);
            open.remove(server);
        }
    }

    @Override
    public void close() throws IOException {
        door.close();
        for (Socket socket : open) {
            socket.close();
        }
    }

    private interface Work {
        void run() throws IOException;
    }

    /** Ends with its connection, however that ends. */
    private void start(Work work) {
        Thread thread = new Thread(() -> {
            try {
                work.run();
            } catch (IOException closed) {
                // one of the two has left, or the proxy ends
                Thread.currentThread().interrupt();
            }
        });
        thread.setDaemon(true);
        thread.start();
    }
}
