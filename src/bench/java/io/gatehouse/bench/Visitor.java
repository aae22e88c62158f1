package io.gatehouse.bench;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An HTTP client with one persistent connection and one session. It is as cheap as possible, because it shares the machine with the server
 * that it measures. It checks every response; an unexpected one ends the benchmark.
 */
final class Visitor implements AutoCloseable {
    private static final String END = "\r\n\r\n";
    private static final Pattern COOKIE = Pattern.compile("\r\nSet-Cookie: ([^;\r]+)");

    private final Socket socket;
    private final InputStream in;
    private final byte[] buffer = new byte[8192];
    private byte[] request = {};
    private boolean changing;
    private long count;

    Visitor(int port) throws IOException {
        this.socket = new Socket(InetAddress.getLoopbackAddress(), port);
        this.socket.setTcpNoDelay(true);
        this.socket.setSoTimeout(10_000);
        this.in = socket.getInputStream();
    }

    /** Creates a session for a user; returns the name and value of its cookie. */
    String makeSession(String user) throws IOException {
        String response = exchange(request("/new?user=" + user, "none=0"));
        Matcher cookie = COOKIE.matcher(response);
        if (!response.startsWith("HTTP/1.1 200") || !cookie.find()) {
            throw new IOException("no session was created: " + response);
        }
        return cookie.group(1);
    }

    /** Sets the path and the cookie of all further requests. */
    void prepare(String path, String cookie) {
        request = request(path, cookie);
        changing = path.equals("/change");
    }

    /** Sends a request and checks the response. */
    void visit() throws IOException {
        String response = exchange(request);
        if (changing) {
            count++;
        }
        if (!response.startsWith("HTTP/1.1 200")
                || !response.endsWith(END + Sample.count(count))
                || response.contains("\r\nSet-Cookie:")) {
            throw new IOException("expected a count of " + count + " and no new cookie, got: " + response);
        }
    }

    private static byte[] request(String path, String cookie) {
        return ("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nCookie: " + cookie + END)
                .getBytes(StandardCharsets.US_ASCII);
    }

    /** Sends a request and reads the response. A response has a body of 20 bytes, or a status other than 200. */
    private String exchange(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        int length = 0;
        while (true) {
            int read = in.read(buffer, length, buffer.length - length);
            if (read < 0) {
                throw new IOException("the connection was closed");
            }
            length += read;
            String response = new String(buffer, 0, length, StandardCharsets.ISO_8859_1);
            int end = response.indexOf(END);
            if (end >= 0 && (length - end - END.length() >= Sample.COUNT_LENGTH || !response.contains(" 200 "))) {
                return response;
            }
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
