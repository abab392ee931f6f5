package dev.ganymede.app;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;

/** The network between a process and its database: once frozen, nothing goes through it any more and nobody is told. */
final class Wire implements AutoCloseable {

    private static final long LOOK_AGAIN_NANOS = 10_000_000;

    private final ServerSocket door;
    private final int target;
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private volatile boolean frozen;

    Wire(int target) throws IOException {
        this.target = target;
        door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        inBackground(this::accept);
    }

    int port() {
        return door.getLocalPort();
    }

    /** As when the machine on the other side vanishes; new connections are not made either. */
    void freeze() {
        frozen = true;
    }

    void thaw() {
        frozen = false;
    }

    @Override
    public void close() throws IOException {
        door.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    private void accept() throws IOException {
        while (true) {
            Socket client = door.accept();
            sockets.add(client);
            Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
            sockets.add(server);
            inBackground(() -> pump(client, server));
            inBackground(() -> pump(server, client));
        }
    }

    private void pump(Socket from, Socket to) throws IOException {
        InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream();
        byte[] bytes = new byte[8_192];
        for (int read = in.read(bytes); read >= 0; read = in.read(bytes)) {
            while (frozen) {
                sleep();
            }
            out.write(bytes, 0, read);
        }
        while (frozen) {
            sleep();
        }
        to.close();
    }

    private static void sleep() {
        LockSupport.parkNanos(LOOK_AGAIN_NANOS);
    }

    private interface Work {
        void run() throws IOException;
    }

    private static void inBackground(Work work) {
        Thread thread = new Thread(() -> {
            try {
                work.run();
            } catch (IOException closed) {
                // one end is gone, and with it this connection
            }
        });
        thread.setDaemon(true);
        thread.start();
    }
}
