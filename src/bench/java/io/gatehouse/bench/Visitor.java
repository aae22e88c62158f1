package io.gatehouse.bench;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A client with one kept connection and one session. It is as cheap as can be, because it shares the machine with what it
 * measures, and it believes nothing: an answer other than the one that must come ends the benchmark.
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

    /** Has a session made for a user; gives the cookie, name and value. */
    String makeSession(String user) throws IOException {
        String answer = exchange(request("/new?user=" + user, "none=0"));
        Matcher cookie = COOKIE.matcher(answer);
        if (!answer.startsWith("HTTP/1.1 200") || !cookie.find()) {
            throw new IOException("no session was made: " + answer);
        }
        return cookie.group(1);
    }

    /** Asks for a path with a cookie from now on. */
    void prepare(String path, String cookie) {
        request = request(path, cookie);
        changing = path.equals("/change");
    }

    /** One request and its answer, checked. */
    void visit() throws IOException {
        String answer = exchange(request);
        if (changing) {
            count++;
        }
        if (!answer.startsWith("HTTP/1.1 200")
                || !answer.endsWith(END + Sample.count(count))
                || answer.contains("\r\nSet-Cookie:")) {
            throw new IOException("expected a count of " + count + " and no new cookie, got: " + answer);
        }
    }

    private static byte[] request(String path, String cookie) {
        return ("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nCookie: " + cookie + END)
                .getBytes(StandardCharsets.US_ASCII);
    }

    /** Every answer has a body of 20 bytes, or is a failure. */
    private String exchange(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        int length = 0;
        while (true) {
            int read = in.read(buffer, length, buffer.length - length);
            if (read < 0) {
                throw new IOException("the connection was closed");
            }
            length += read;
            String answer = new String(buffer, 0, length, StandardCharsets.ISO_8859_1);
            int end = answer.indexOf(END);
            if (end >= 0 && (length - end - END.length() >= Sample.COUNT_LENGTH || !answer.contains(" 200 "))) {
                return answer;
            }
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
