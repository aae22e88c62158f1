package io.gatehouse.testing;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A fake server in the protocol of Redis. It answers scripts with the bytes that a test sets, and every other command like a
 * healthy master.
 */
public final class ScriptedRedis implements AutoCloseable {
    private final ServerSocket listener;
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicInteger scripts = new AtomicInteger();
    private volatile String answer = ":1\r\n";

    public ScriptedRedis() {
        try {
            listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        daemon(this::accept);
    }

    public String url() {
        return "redis://127.0.0.1:" + port() + "/0";
    }

    public int port() {
        return listener.getLocalPort();
    }

    /** Sets the reply to every script from now on, such as {@code "+OK\r\n"}. */
    public void answer(String bytes) {
        answer = bytes;
    }

    /** Returns the number of connections since the last call. */
    public int takeConnections() {
        return connections.getAndSet(0);
    }

    /** Returns the number of scripts since the last call. */
    public int takeScripts() {
        return scripts.getAndSet(0);
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = listener.accept();
                connections.incrementAndGet();
                daemon(() -> serve(socket));
            }
        } catch (IOException e) {
            // closed
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            InputStream in = new BufferedInputStream(socket.getInputStream());
            OutputStream out = socket.getOutputStream();
            while (true) {
                List<String> command = read(in);
                if (command.isEmpty()) {
                    return;
                }
                out.write(reply(command).getBytes(StandardCharsets.ISO_8859_1));
                out.flush();
            }
        } catch (IOException e) {
            // the client closed the connection
        }
    }

    private String reply(List<String> command) {
        return switch (command.get(0).toUpperCase(Locale.ROOT)) {
            case "HELLO" -> "*2\r\n" + bulk("proto") + ":2\r\n";
            case "PING" -> command.size() > 1 ? bulk(command.get(1)) : "+PONG\r\n";
            case "ROLE" -> "*3\r\n" + bulk("master") + ":0\r\n*0\r\n";
            case "INFO" -> bulk("redis_version:7.0.0\r\n");
            case "TIME" -> "*2\r\n" + bulk("1") + bulk("1");
            case "EVAL", "EVALSHA" -> {
                scripts.incrementAndGet();
                yield answer;
            }
            default -> "+OK\r\n";
        };
    }

    private static String bulk(String text) {
        return "$" + text.length() + "\r\n" + text + "\r\n";
    }

    private static List<String> read(InputStream in) throws IOException {
        List<String> command = new ArrayList<>();
        String head = line(in);
        for (int i = 0; !head.isEmpty() && i < Integer.parseInt(head.substring(1)); i++) {
            int length = Integer.parseInt(line(in).substring(1));
            command.add(new String(in.readNBytes(length), StandardCharsets.ISO_8859_1));
            line(in);
        }
        return command;
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = in.read(); next >= 0 && next != '\n'; next = in.read()) {
            if (next != '\r') {
                line.append((char) next);
            }
        }
        return line.toString();
    }

    private static void daemon(Runnable work) {
        Thread thread = new Thread(work, "scripted-redis");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() {
        try {
            listener.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
