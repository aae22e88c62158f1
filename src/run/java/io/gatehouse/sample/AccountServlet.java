package io.gatehouse.sample;

import io.gatehouse.RedisPurpose;
import io.gatehouse.session.SessionInfo;
import io.gatehouse.session.SessionManager;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import redis.clients.jedis.UnifiedJedis;

/** The account page: a counter, a list that is modified in place, an object stored as JSON, and the sessions of the user. */
@WebServlet("/account")
public class AccountServlet extends MembersServlet {
    private static final long serialVersionUID = 1L;

    @Override
    boolean act(String user, HttpSession session, HttpServletRequest request) {
        switch (action(request)) {
            case "put" -> cart(session).add(text(request, "item"));
            case "clear" -> cart(session).clear();
            case "profile" -> change(profile(session), request);
            case "end" -> end(user, text(request, "handle"));
            case "end-others" -> manager().terminateUserSessions(user, handle(session));
            case "sign-out" -> session.invalidate();
            default -> {
                return false;
            }
        }
        return true;
    }

    /** Returns the cart. Callers modify it in place, without calling setAttribute again. */
    private static List<String> cart(HttpSession session) {
        @SuppressWarnings("unchecked")
        List<String> cart = (List<String>) session.getAttribute("cart");
        if (cart == null) {
            cart = new ArrayList<>();
            session.setAttribute("cart", cart);
        }
        return cart;
    }

    private static Profile profile(HttpSession session) {
        Profile profile = (Profile) session.getAttribute("profile");
        if (profile == null) {
            profile = new Profile();
            session.setAttribute("profile", profile);
        }
        return profile;
    }

    private static void change(Profile profile, HttpServletRequest request) {
        profile.setNickname(text(request, "nickname"));
        profile.setColour(text(request, "colour"));
        profile.setChangedAt(Instant.now());
    }

    /** Ends a session if it belongs to the user. */
    private void end(String user, String handle) {
        SessionManager manager = manager();
        if (manager.getUserSessions(user).stream()
                .anyMatch(info -> info.handle().equals(handle))) {
            manager.terminate(handle);
        }
    }

    /** Returns the handle of a session. A session id consists of the handle and the number of its changes. */
    private static String handle(HttpSession session) {
        return session.getId().substring(0, session.getId().indexOf('.'));
    }

    /** Counts a visit with a command of the application's own, over the connections of Gatehouse. */
    private long countVisit() {
        UnifiedJedis redis = gatehouse().redis(RedisPurpose.CACHE);
        String key = "sample:visits:" + LocalDate.now(ZoneOffset.UTC);
        long visits = redis.incr(key);
        redis.expire(key, Duration.ofDays(1).toSeconds());
        return visits;
    }

    private SessionManager manager() {
        return gatehouse().sessionManager();
    }

    @Override
    Page show(String user, HttpSession session) {
        Object visits = session.getAttribute("visits");
        session.setAttribute("visits", visits instanceof Integer before ? before + 1 : 1);
        String csrf = csrf(session);
        Profile profile = profile(session);
        Page page = new Page("Account of " + user);
        page.markup("<h1>Hello, ").text(profile.getNickname().isEmpty() ? user : profile.getNickname());
        page.markup("</h1><section><h2>Counter</h2><p class=\"big\" id=\"visits\">");
        page.text(String.valueOf(session.getAttribute("visits")));
        page.markup(
                "</p><p>visits to this page. Reload it, restart the server, or use the other node: the count continues.</p>");
        page.markup("<p>Visits of all users today, counted by the application itself in Redis: <b id=\"all-visits\">")
                .text(countVisit())
                .markup("</b></p></section>");
        page.markup("<section><h2>More</h2><p><a href=\"profile\">Your directory entry</a>, from the cache")
                .markup("<p><a href=\"jobs\">Jobs</a>, and how one warms the cache</section>");

        page.markup("<section><h2>Cart</h2><ul id=\"cart\">");
        cart(session).forEach(item -> page.markup("<li>").text(item).markup("</li>"));
        page.markup("</ul>");
        page.form("put", csrf, "<input name=\"item\" aria-label=\"Item\" required maxlength=\"60\">", "Add");
        page.form("clear", csrf, "", "Empty").markup("</section>");

        page.markup("<section><h2>Profile</h2><p>Colour: ").text(profile.getColour());
        page.markup(", changed ").text(Page.time(profile.getChangedAt()));
        page.markup("</p>");
        page.form(
                "profile",
                csrf,
                Page.field("Nickname", "nickname", profile.getNickname())
                        + Page.field("Colour", "colour", profile.getColour()),
                "Save");
        page.markup(
                "</section><section><h2>Your sessions</h2><table><tr><th>Session<th>Since<th>Last used<th>From<th></tr>");
        for (SessionInfo info : manager().getUserSessions(user)) {
            boolean mine = handle(session).equals(info.handle());
            page.markup("<tr><td><code>").text(info.handle().substring(0, 8)).markup("</code>");
            page.markup(mine ? " <em>this session</em>" : "");
            page.markup("<td>").text(Page.time(info.createdAt()));
            page.markup("<td>").text(Page.time(info.lastAccessedAt()));
            page.markup("<td>")
                    .text(info.address())
                    .markup("<br><small>")
                    .text(info.device())
                    .markup("</small><td>");
            if (!mine) {
                page.form(
                        "end", csrf, "<input type=\"hidden\" name=\"handle\" value=\"" + info.handle() + "\">", "End");
            }
        }
        page.markup("</table>");
        page.form("end-others", csrf, "", "Sign out everywhere else").markup("</section>");
        page.form("sign-out", csrf, "", "Sign out");
        return page;
    }
}
