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

/** What the slow directory says about the user, from the cache whenever that has it. */
@WebServlet("/profile")
public class ProfileServlet extends MembersServlet {
    private static final long serialVersionUID = 1L;

    private static final Duration SLOWNESS = Duration.ofMillis(300);
    private static final Duration PATIENCE = Duration.ofSeconds(2);

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

    /** First where it is kept, then in the cache, so that a loader that runs meanwhile cannot bring the old name back. */
    private void rename(String user, String name) {
        try {
            Directory.rename(user, name.isBlank() ? user : name.strip());
            gatehouse().cache().put(key(user), Directory.entry(user, Duration.ZERO));
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
        long begin = System.nanoTime();
        Map<String, Object> entry =
                gatehouse().cache().getOrSet(key(user), () -> Directory.entry(user, SLOWNESS), PATIENCE);
        double millis = (System.nanoTime() - begin) / 1e6;
        if (entry == null) {
            throw new IllegalStateException("the directory always knows somebody");
        }
        CacheStatistics here = gatehouse().cache().region("user").statistics();
        String csrf = csrf(session);
        Page page = new Page("Profile of " + user);
        page.markup("<h1 id=\"name\">").text(entry.get(Directory.NAME)).markup("</h1>");
        page.markup("<section><h2>From the directory</h2><p class=\"big\" id=\"took\">");
        page.text("%.2f ms".formatted(millis)).markup("</p><p id=\"loaded\">Loaded ");
        page.text(entry.get(Directory.LOADED) instanceof Instant loaded ? Page.time(loaded) : "at an unknown time");
        page.markup(" by node ").text(entry.get(Directory.NODE));
        page.markup("</p><p>The directory needs ").text(SLOWNESS.toMillis());
        page.markup(" ms. Reload, and the cache answers; the other node takes it from Redis.</p>");
        page.form("forget", csrf, "", "Take it out of the cache").markup("</section>");

        page.markup("<section><h2>Another name</h2><p>All nodes show it at once.</p>");
        page.form(
                "rename",
                csrf,
                Page.field("Name", Directory.NAME, String.valueOf(entry.get(Directory.NAME))),
                "Rename");
        page.markup("</section><section><h2>Cache of this node</h2><table id=\"statistics\">");
        row(page, "Found in this process", here.firstLevelHits());
        row(page, "Found in Redis", here.secondLevelHits());
        row(page, "Found nowhere", here.misses());
        row(page, "Loaded", here.loads());
        row(page, "Changed here or by another node", here.invalidations());
        return page.markup("</table></section><p><a href=\"account\">Account</a>, <a href=\"jobs\">jobs</a>");
    }

    private static void row(Page page, String what, long count) {
        page.markup("<tr><td>").text(what).markup("<td>").text(count);
    }
}
