package io.gatehouse.testing;

import io.gatehouse.testing.Browser.Answer;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/** An HTTP client that sends cookies only to their paths, compared as browsers do (RFC 6265, section 5.1.4). */
public final class PathBrowser {
    private final List<Stored> cookies = new ArrayList<>();

    private record Stored(String name, String path, String value) {
        boolean matches(String requested) {
            return requested.equals(path)
                    || (requested.startsWith(path) && (path.endsWith("/") || requested.charAt(path.length()) == '/'));
        }
    }

    public Answer get(String url) {
        return exchange(url, browser -> browser.get(url));
    }

    public Answer post(String url, String form) {
        return exchange(url, browser -> browser.post(url, form));
    }

    private Answer exchange(String url, Function<Browser, Answer> request) {
        String path = URI.create(url).getRawPath();
        Browser once = new Browser();
        List<String> sent = cookies.stream()
                .filter(cookie -> cookie.matches(path))
                .map(cookie -> cookie.name() + "=" + cookie.value())
                .toList();
        if (!sent.isEmpty()) {
            String pairs = String.join("; ", sent);
            once.withCookie(pairs.substring(0, pairs.indexOf('=')), pairs.substring(pairs.indexOf('=') + 1));
        }
        Answer answer = request.apply(once);
        answer.setCookies().forEach(this::keep);
        return answer;
    }

    private void keep(String line) {
        String[] parts = line.split("; *", -1);
        String name = parts[0].substring(0, parts[0].indexOf('='));
        String path = "/";
        boolean gone = false;
        for (String part : parts) {
            String lower = part.toLowerCase(Locale.ROOT);
            if (lower.startsWith("path=")) {
                path = part.substring("path=".length());
            }
            gone |= lower.equals("max-age=0") || lower.startsWith("expires=thu, 01 jan 1970");
        }
        Stored stored = new Stored(name, path, parts[0].substring(name.length() + 1));
        cookies.removeIf(
                cookie -> cookie.name().equals(stored.name()) && cookie.path().equals(stored.path()));
        if (!gone) {
            cookies.add(stored);
        }
    }

    /** Returns the names and paths of the cookies, as {@code name path}. */
    public List<String> cookies() {
        return cookies.stream()
                .map(cookie -> cookie.name() + " " + cookie.path())
                .toList();
    }
}
