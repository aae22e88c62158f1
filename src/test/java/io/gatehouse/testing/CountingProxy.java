package io.gatehouse.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A proxy between a client and Redis that counts round trips at the socket: bytes to the server count as a new round trip if
 * they are the first or follow bytes from the server. It can also delay a
 * reply and simulate network faults.
 */
public final class CountingProxy implements AutoCloseable {

    /** A fault in the direction from the server to the client. */
    public enum Fault {
        NONE,
        /** The client receives nothing. */
        SILENT,
        /** The client receives one byte every 100 ms. */
        DRIPPING,
        /** The connection is closed when the server replies. */
        CUTTING,
        /** The next bytes arrive twice; later ones are correct. */
        DOUBLED,
        /** The next bytes arrive again before those after them; later ones are correct. */
        REPEATED_LATER,
        /** One bit of the next bytes is flipped; later ones are correct. */
        FLIPPED,
        /** Half of the next bytes arrive, then the connection is closed; later connections are correct. */
        HALVED
    }

    private final int target;
    private final ServerSocket listener;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final AtomicInteger roundTrips = new AtomicInteger();
    private final Random random = new Random(42);
    private volatile Fault fault = Fault.NONE;
    private volatile Delay delay = Delay.none();

    /** A delay of the first reply that contains a text. */
    private record Delay(String text, AtomicBoolean taken, CountDownLatch arrived, CountDownLatch ended) {
        Delay(String text) {
            this(text, new AtomicBoolean(), new CountDownLatch(1), new CountDownLatch(1));
        }

        static Delay none() {
            Delay none = new Delay("");
            none.taken.set(true);
            return none;
        }

        void apply(byte[] bytes, int length) {
            if (!taken.get()
                    && new String(bytes, 0, length, StandardCharsets.ISO_8859_1).contains(text)
                    && taken.compareAndSet(false, true)) {
                arrived.countDown();
                Overlap.await(ended);
            }
        }
    }

    public CountingProxy(int target) {
        this.target = target;
        try {
            this.listener = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        daemon("accept", this::accept);
    }

    public int port() {
        return listener.getLocalPort();
    }

    public String url() {
        return "redis://127.0.0.1:" + port() + "/0";
    }

    public void fault(Fault next) {
        fault = next;
    }

    /** Delays the next reply that contains a text, until {@link #endDelay}. */
    public void delay(String text) {
        delay = new Delay(text);
    }

    /** Waits until the server has sent the reply that is delayed. */
    public void awaitDelayed() {
        Overlap.await(delay.arrived());
    }

    public void endDelay() {
        delay.ended().countDown();
    }

    /** Returns the number of round trips since the last call. */
    public int takeRoundTrips() {
        return roundTrips.getAndSet(0);
    }

    private void accept() {
        try {
            while (true) {
                Socket client = listener.accept();
                Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
                client.setTcpNoDelay(true);
                server.setTcpNoDelay(true);
                sockets.add(client);
                sockets.add(server);
                boolean[] waiting = new boolean[1];
                daemon("out", () -> copyOut(client, server, waiting));
                daemon("back", () -> copyBack(server, client, waiting));
            }
        } catch (IOException e) {
            // closed
        }
    }

    private void copyOut(Socket client, Socket server, boolean[] waiting) {
        pump(client, server, (bytes, length, out) -> {
            synchronized (waiting) {
                if (!waiting[0]) {
                    roundTrips.incrementAndGet();
                    waiting[0] = true;
                }
            }
            out.write(bytes, 0, length);
        });
    }

    private void copyBack(Socket server, Socket client, boolean[] waiting) {
        byte[][] held = new byte[1][];
        pump(server, client, (bytes, length, out) -> {
            synchronized (waiting) {
                waiting[0] = false;
            }
            delay.apply(bytes, length);
            if (held[0] != null) {
                out.write(held[0]);
                held[0] = null;
            }
            switch (takeFault()) {
                case NONE -> out.write(bytes, 0, length);
                case SILENT -> {}
                case DRIPPING -> drip(bytes, length, out);
                case CUTTING -> throw new IOException("closed by the test");
                case DOUBLED -> {
                    out.write(bytes, 0, length);
                    out.write(bytes, 0, length);
                }
                case REPEATED_LATER -> {
                    out.write(bytes, 0, length);
                    held[0] = Arrays.copyOf(bytes, length);
                }
                case FLIPPED -> {
                    bytes[random.nextInt(length)] ^= (byte) (1 << random.nextInt(8));
                    out.write(bytes, 0, length);
                }
                case HALVED -> {
                    out.write(bytes, 0, length / 2);
                    throw new IOException("closed by the test");
                }
            }
        });
    }

    private synchronized Fault takeFault() {
        Fault now = fault;
        switch (now) {
            case DOUBLED, REPEATED_LATER, FLIPPED, HALVED -> fault = Fault.NONE;
            default -> {} // stays until the test changes it
        }
        return now;
    }

    private static void drip(byte[] bytes, int length, OutputStream out) throws IOException {
        for (int i = 0; i < length; i++) {
            out.write(bytes[i]);
            out.flush();
            try {
                Thread.sleep(100);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private interface Forwarder {
        void forward(byte[] bytes, int length, OutputStream out) throws IOException;
    }

    private static void pump(Socket from, Socket to, Forwarder forwarder) {
        byte[] buffer = new byte[65536];
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
                forwarder.forward(buffer, length, out);
            }
        } catch (IOException e) {
            // one side closed the connection
        }
    }

    /** Closes every connection. */
    public void cut() {
        sockets.forEach(socket -> {
            try {
                socket.close();
            } catch (IOException e) {
                // the socket is closed in any case
            }
        });
        sockets.clear();
    }

    @Override
    public void close() {
        try {
            listener.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        cut();
    }

    private static void daemon(String name, Runnable work) {
        Thread thread = new Thread(work, "proxy-" + name);
        thread.setDaemon(true);
        thread.start();
    }
}
