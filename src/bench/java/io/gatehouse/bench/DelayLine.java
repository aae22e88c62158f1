package io.gatehouse.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A proxy in front of Redis that delays replies without limiting how many are on their way: bytes are read as soon as they arrive, and
 * forwarded when their time has come. Each connection has a line of its own.
 */
final class DelayLine implements AutoCloseable {
    private final int target;
    private final ServerSocket listener;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private volatile long delayNanos;

    /** Bytes and when to forward them; no bytes are the end. */
    private record Chunk(long due, byte[] bytes) {}

    private static final Chunk END = new Chunk(0, new byte[0]);

    DelayLine(int target) throws IOException {
        this.target = target;
        this.listener = new ServerSocket(0, 500, InetAddress.getLoopbackAddress());
        daemon("accept", this::accept);
    }

    int port() {
        return listener.getLocalPort();
    }

    /** Changes the delay of all bytes from now on. */
    void delay(long millis) {
        delayNanos = TimeUnit.MILLISECONDS.toNanos(millis);
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
                BlockingQueue<Chunk> line = new LinkedBlockingQueue<>();
                daemon("out", () -> forward(client, server));
                daemon("back", () -> fill(server, line));
                daemon("late", () -> drain(line, client, server));
            }
        } catch (IOException e) {
            // closed
        }
    }

    private void forward(Socket from, Socket to) {
        byte[] buffer = new byte[64 << 10];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
                out.write(buffer, 0, length);
            }
        } catch (IOException e) {
            // one side closed the connection
        } finally {
            close(to);
        }
    }

    private void fill(Socket from, BlockingQueue<Chunk> line) {
        byte[] buffer = new byte[64 << 10];
        try {
            InputStream in = from.getInputStream();
            for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
                line.add(new Chunk(System.nanoTime() + delayNanos, Arrays.copyOf(buffer, length)));
            }
        } catch (IOException e) {
            // one side closed the connection
        } finally {
            line.add(END);
        }
    }

    private void drain(BlockingQueue<Chunk> line, Socket to, Socket from) {
        try {
            OutputStream out = to.getOutputStream();
            for (Chunk chunk = line.take(); chunk.bytes().length > 0; chunk = line.take()) {
                for (long left = chunk.due() - System.nanoTime(); left > 0; left = chunk.due() - System.nanoTime()) {
                    LockSupport.parkNanos(left);
                }
                out.write(chunk.bytes());
            }
        } catch (IOException e) {
            // one side closed the connection
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            close(to);
            close(from);
        }
    }

    private void close(Socket socket) {
        sockets.remove(socket);
        try {
            socket.close();
        } catch (IOException e) {
            // closed in any case
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        sockets.forEach(this::close);
    }

    private static void daemon(String name, Runnable work) {
        Thread thread = new Thread(work, "delay-line-" + name);
        thread.setDaemon(true);
        thread.start();
    }
}
