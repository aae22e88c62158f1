package io.gatehouse.internal.admin;

import io.gatehouse.testing.Browser.Answer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Sends a request with a URL that HTTP clients reject. */
final class RawCall {
    private RawCall() {}

    static Answer get(String url) {
        String[] parts = url.split("/", 4);
        String[] host = parts[2].split(":", -1);
        try (Socket socket = new Socket(host[0], Integer.parseInt(host[1]))) {
            String request = "GET /" + parts[3] + " HTTP/1.1\r\nHost: " + parts[2] + "\r\nConnection: close\r\n"
                    + "Authorization: Bearer " + AdminApp.TOKEN + "\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            String[] answer =
                    new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8).split("\r\n\r\n", 2);
            Map<String, List<String>> headers = new LinkedHashMap<>();
            answer[0].lines().skip(1).forEach(line -> {
                String[] header = line.split(": ", 2);
                headers.put(header[0].toLowerCase(Locale.ROOT), List.of(header[1]));
            });
            return new Answer(Integer.parseInt(answer[0].substring(9, 12)), answer[1], headers);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
