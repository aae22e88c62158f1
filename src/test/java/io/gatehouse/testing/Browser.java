package io.gatehouse.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpCookie;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** An HTTP client with a cookie jar that a test can read and tamper with. Follows no redirects. */
public final class Browser {
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private static final Set<String> RECEIVED = ConcurrentHashMap.newKeySet();

    /** The shortest value that is random enough to be searched for in a log. */
    private static final int SHORTEST_SECRET = 20;

    private final Map<String, String> cookies = new LinkedHashMap<>();

    /** A response. */
    public record Answer(int status, String body, Map<String, List<String>> headers) {

        public @Nullable String header(String name) {
            List<String> values = headers.get(name.toLowerCase(java.util.Locale.ROOT));
            return values == null ? null : values.get(0);
        }

        /** Returns the complete Set-Cookie lines. */
        public List<String> setCookies() {
            return headers.getOrDefault("set-cookie", List.of());
        }
    }

    public Answer get(String url) {
        return send(HttpRequest.newBuilder(URI.create(url)).GET());
    }

    public Answer post(String url, String form) {
        return send(HttpRequest.newBuilder(URI.create(url))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(form)));
    }

    public Answer send(HttpRequest.Builder request) {
        if (!cookies.isEmpty()) {
            request.header(
                    "Cookie",
                    cookies.entrySet().stream()
                            .map(cookie -> cookie.getKey() + "=" + cookie.getValue())
                            .collect(Collectors.joining("; ")));
        }
        try {
            HttpResponse<String> response =
                    CLIENT.send(request.timeout(Duration.ofSeconds(30)).build(), HttpResponse.BodyHandlers.ofString());
            response.headers().allValues("Set-Cookie").forEach(this::keep);
            Map<String, List<String>> headers = new LinkedHashMap<>();
            response.headers()
                    .map()
                    .forEach((name, values) -> headers.put(name.toLowerCase(java.util.Locale.ROOT), values));
            return new Answer(response.statusCode(), response.body(), headers);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Returns the values of session and device cookies that any browser received since {@link #forgetReceivedCookies}. */
    static Set<String> receivedCookies() {
        return Set.copyOf(RECEIVED);
    }

    static void forgetReceivedCookies() {
        RECEIVED.clear();
    }

    private void keep(String line) {
        HttpCookie cookie = HttpCookie.parse(line).get(0);
        if (cookie.getValue().length() >= SHORTEST_SECRET) {
            RECEIVED.add(cookie.getValue());
        }
        if (cookie.getMaxAge() == 0) {
            cookies.remove(cookie.getName());
        } else {
            cookies.put(cookie.getName(), cookie.getValue());
        }
    }

    public @Nullable String cookie(String name) {
        return cookies.get(name);
    }

    /** Returns the value of the session cookie over plain HTTP. */
    public String token() {
        String token = cookies.get("sid");
        if (token == null) {
            throw new AssertionError("no session cookie, only " + cookies.keySet());
        }
        return token;
    }

    public Browser withCookie(String name, String value) {
        cookies.put(name, value);
        return this;
    }
}
