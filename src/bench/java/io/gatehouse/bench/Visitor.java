package io.gatehouse.bench;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An HTTP client with one persistent connection and one or more sessions, which it uses in turn. It is as cheap as possible, because it
 * shares the machine with the server that it measures. It checks every response; an unexpected one ends the benchmark.
 */
final class Visitor implements AutoCloseable {
    private static final byte[] END = ascii("\r\n\r\n");
    private static final byte[] LENGTH = ascii("\r\nContent-Length: ");
    private static final byte[] SET_COOKIE = ascii("\r\nSet-Cookie: ");
    private static final Pattern COOKIE = Pattern.compile("\r\nSet-Cookie: ([^;\r]+)");

    private final Socket socket;
    private final InputStream in;
    private final byte[] buffer = new byte[16 << 10];
    private final List<Client> clients = new ArrayList<>();
    private final Latencies latencies = new Latencies();
    private int next;
    private int length;
    private int body;

    /** One session. */
    private static final class Client {
        private final byte[] request;
        private final byte[] status;
        private final boolean changing;
        private final boolean counting;
        private long count;

        Client(byte[] request, int status, boolean changing) {
            this.request = request;
            this.status = ascii("HTTP/1.1 " + status);
            this.changing = changing;
            this.counting = status == 200;
        }
    }

    Visitor(int port) throws IOException {
        this.socket = new Socket(InetAddress.getLoopbackAddress(), port);
        this.socket.setTcpNoDelay(true);
        this.socket.setSoTimeout(20_000);
        this.in = socket.getInputStream();
    }

    /** Creates a session for a user; returns the name and value of its cookie. */
    String makeSession(String user, Shape shape) throws IOException {
        exchange(request(
                "/new?user=" + user + "&attributes=" + shape.attributes() + "&length=" + shape.length(), "none=0"));
        String response = new String(buffer, 0, length, StandardCharsets.ISO_8859_1);
        Matcher cookie = COOKIE.matcher(response);
        if (!response.startsWith("HTTP/1.1 200") || !cookie.find()) {
            throw new IOException("no session was created: " + response);
        }
        return cookie.group(1);
    }

    /** Adds a request that {@link #visit} sends in turn with the others; a cookie of "" sends none. */
    void add(String path, String cookie, int status) {
        clients.add(new Client(request(path, cookie), status, path.equals("/change")));
    }

    /** Sends the next request and checks the response. */
    void visit() throws IOException {
        Client client = clients.get(next);
        next = next + 1 == clients.size() ? 0 : next + 1;
        long start = System.nanoTime();
        exchange(client.request);
        latencies.add(System.nanoTime() - start);
        if (client.changing) {
            client.count++;
        }
        if (!startsWith(buffer, 0, client.status)
                || indexOf(SET_COOKIE, body) >= 0
                || (client.counting && !isCount(client.count))) {
            throw new IOException(
                    "expected " + new String(client.status, StandardCharsets.US_ASCII) + ", a count of " + client.count
                            + " and no new cookie, got: " + new String(buffer, 0, length, StandardCharsets.ISO_8859_1));
        }
    }

    /** Sends one request whose response does not matter. */
    void send(String path) throws IOException {
        exchange(request(path, ""));
    }

    /** Moves the latencies since the last call into a histogram. */
    void drain(Latencies into) {
        into.addAll(latencies);
        latencies.clear();
    }

    private static byte[] request(String path, String cookie) {
        return ascii("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n"
                + (cookie.isEmpty() ? "" : "Cookie: " + cookie + "\r\n") + "\r\n");
    }

    /** Sends a request and reads the response, which must have a Content-Length, into the buffer. */
    private void exchange(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        length = 0;
        int expected = Integer.MAX_VALUE;
        while (length < expected) {
            int read = in.read(buffer, length, buffer.length - length);
            if (read <= 0) {
                throw new IOException("the connection was closed, or a response was too long");
            }
            length += read;
            if (expected == Integer.MAX_VALUE) {
                int end = indexOf(END, length);
                if (end >= 0) {
                    body = end + END.length;
                    expected = body + contentLength();
                }
            }
        }
    }

    private int contentLength() throws IOException {
        int at = indexOf(LENGTH, body);
        if (at < 0) {
            throw new IOException(
                    "a response without Content-Length: " + new String(buffer, 0, length, StandardCharsets.ISO_8859_1));
        }
        int number = 0;
        for (int i = at + LENGTH.length; buffer[i] != '\r'; i++) {
            number = number * 10 + buffer[i] - '0';
        }
        return number;
    }

    private boolean isCount(long count) {
        long rest = count;
        for (int i = body + Sample.COUNT_LENGTH - 1; i >= body; i--) {
            if (buffer[i] != '0' + rest % 10) {
                return false;
            }
            rest /= 10;
        }
        return length == body + Sample.COUNT_LENGTH;
    }

    private int indexOf(byte[] part, int until) {
        for (int i = 0; i <= until - part.length; i++) {
            if (buffer[i] == part[0] && startsWith(buffer, i, part)) {
                return i;
            }
        }
        return -1;
    }

    private static boolean startsWith(byte[] bytes, int from, byte[] part) {
        return Arrays.equals(bytes, from, from + part.length, part, 0, part.length);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
