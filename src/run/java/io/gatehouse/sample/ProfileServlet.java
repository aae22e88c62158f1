package io.gatehouse.sample;

import io.gatehouse.cache.CacheStatistics;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/** The profile page: the user's entry of the slow directory, from the cache if it is cached. */
@WebServlet("/profile")
public class ProfileServlet extends MembersServlet {
    private static final long serialVersionUID = 1L;

    private static final Duration SLOWNESS = Duration.ofMillis(300);
    /** How long an entry is kept. How long a request waits for the directory is the region's load-timeout. */
    private static final Duration KEPT = Duration.ofMinutes(5);

    private static final Duration VISITS_KEPT = Duration.ofDays(1);

    @Override
    boolean act(String user, HttpSession session, HttpServletRequest request) {
        switch (action(request)) {
            case "rename" -> rename(user, text(request, "name"));
            case "forget" -> gatehouse().cache().remove(key(user));
            default -> {
                return false;
            }
        }
        return true;
    }

    /** Renames the user in the directory first and then in the cache, so that a concurrent loader cannot restore the old name. */
    private void rename(String user, String name) {
        try {
            Directory.rename(user, name.isBlank() ? user : name.strip());
            gatehouse().cache().put(key(user), Directory.entry(user, Duration.ZERO), KEPT);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static String key(String user) {
        return "user:" + user;
    }

    @Override
    Page show(String user, HttpSession session) {
        long start = System.nanoTime();
        Map<String, Object> entry =
                gatehouse().cache().getOrSet(key(user), () -> Directory.entry(user, SLOWNESS), KEPT);
        double millis = (System.nanoTime() - start) / 1e6;
        if (entry == null) {
            throw new IllegalStateException("the directory returned no entry for a user who is logged in");
        }
        long visits = gatehouse().cache().increment("visits:" + user, 1, VISITS_KEPT);
        long left = gatehouse().cache().ttl(key(user)).orElse(Duration.ZERO).toSeconds();
        CacheStatistics statistics = gatehouse().cache().region("user").statistics();
        String csrf = csrf(session);
        Page page = new Page("Profile of " + user);
        page.markup("<h1 id=\"name\">").text(entry.get(Directory.NAME)).markup("</h1>");
        page.markup("<section><h2>Directory entry</h2><p class=\"big\" id=\"took\">");
        page.text("%.2f ms".formatted(millis)).markup("</p><p id=\"loaded\">Loaded ");
        page.text(entry.get(Directory.LOADED) instanceof Instant loaded ? Page.time(loaded) : "at an unknown time");
        page.markup(" by node ").text(entry.get(Directory.NODE));
        page.markup(", kept for another ").text(left).markup(" s. Visits of this page today, on all nodes: ");
        page.markup("<span id=\"visits\">").text(visits).markup("</span>");
        page.markup("</p><p>The directory takes ").text(SLOWNESS.toMillis());
        page.markup(" ms. Reload to get the entry from the cache; the other node gets it from Redis.</p>");
        page.form("forget", csrf, "", "Remove it from the cache").markup("</section>");

        page.markup("<section><h2>Change the name</h2><p>All nodes show the new name at once.</p>");
        page.form(
                "rename",
                csrf,
                Page.field("Name", Directory.NAME, String.valueOf(entry.get(Directory.NAME))),
                "Rename");
        page.markup("</section><section><h2>Cache of this node</h2><table id=\"statistics\">");
        row(page, "First-level hits (this process)", statistics.firstLevelHits());
        row(page, "Second-level hits (Redis)", statistics.secondLevelHits());
        row(page, "Misses", statistics.misses());
        row(page, "Loads", statistics.loads());
        row(page, "Invalidations", statistics.invalidations());
        return page.markup("</table></section><p><a href=\"account\">Account</a>, <a href=\"jobs\">jobs</a>");
    }

    private static void row(Page page, String label, long count) {
        page.markup("<tr><td>").text(label).markup("<td>").text(count);
    }
}
