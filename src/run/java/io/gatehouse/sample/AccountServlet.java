package io.gatehouse.sample;

import io.gatehouse.boot.Gatehouse;
import io.gatehouse.session.Session;
import io.gatehouse.session.SessionInfo;
import io.gatehouse.session.SessionManager;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The account page: a counter, a list that is changed in place, an object kept as JSON, and the sessions of the user. */
@WebServlet("/account")
public class AccountServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("d MMM, HH:mm:ss").withZone(ZoneId.systemDefault());

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        HttpSession session = request.getSession(false);
        String user = user(session);
        if (session == null || user == null) {
            response.sendRedirect("login");
            return;
        }
        Object visits = session.getAttribute("visits");
        session.setAttribute("visits", visits instanceof Integer before ? before + 1 : 1);
        show(user, session, response);
    }

    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException {
        HttpSession session = request.getSession(false);
        String user = user(session);
        if (session == null || user == null) {
            response.sendRedirect("login");
            return;
        }
        if (!csrf(session).equals(request.getParameter("csrf"))) {
            response.sendError(HttpServletResponse.SC_FORBIDDEN, "This form is not from here");
            return;
        }
        switch (String.valueOf(request.getParameter("action"))) {
            case "put" -> cart(session).add(text(request, "item"));
            case "clear" -> cart(session).clear();
            case "profile" -> change(profile(session), request);
            case "end" -> end(user, text(request, "handle"));
            case "end-others" -> manager().terminateUserSessions(user, handle(session));
            case "sign-out" -> session.invalidate();
            default -> response.setStatus(HttpServletResponse.SC_BAD_REQUEST);
        }
        response.sendRedirect("account");
    }

    private static @Nullable String user(@Nullable HttpSession session) {
        return session == null ? null : (String) session.getAttribute(Session.USER_ATTRIBUTE);
    }

    /** Changed in place by those who ask for it; nobody calls setAttribute again. */
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

    /** Ends one of the user's own sessions, and nobody else's. */
    private void end(String user, String handle) {
        SessionManager manager = manager();
        if (manager.getUserSessions(user).stream()
                .anyMatch(info -> info.handle().equals(handle))) {
            manager.terminate(handle);
        }
    }

    /** The id is the handle and how often it was changed. */
    private static String handle(HttpSession session) {
        return session.getId().substring(0, session.getId().indexOf('.'));
    }

    private static String csrf(HttpSession session) {
        String csrf = (String) session.getAttribute("csrf");
        if (csrf == null) {
            csrf = UUID.randomUUID().toString();
            session.setAttribute("csrf", csrf);
        }
        return csrf;
    }

    private SessionManager manager() {
        return Gatehouse.of(getServletContext()).orElseThrow().sessionManager();
    }

    private static String text(HttpServletRequest request, String name) {
        String text = request.getParameter(name);
        return text == null ? "" : text.substring(0, Math.min(text.length(), 60));
    }

    private void show(String user, HttpSession session, HttpServletResponse response) throws IOException {
        String csrf = csrf(session);
        Profile profile = profile(session);
        Page page = new Page("Account of " + user);
        page.markup("<h1>Hello, ").text(profile.getNickname().isEmpty() ? user : profile.getNickname());
        page.markup("</h1><section><h2>Counter</h2><p class=\"big\" id=\"visits\">");
        page.text(String.valueOf(session.getAttribute("visits")));
        page.markup(
                "</p><p>visits to this page. Reload, restart the server, or come in by the other node.</p></section>");

        page.markup("<section><h2>Cart</h2><ul id=\"cart\">");
        cart(session).forEach(item -> page.markup("<li>").text(item).markup("</li>"));
        page.markup("</ul>");
        page.form("put", csrf, "<input name=\"item\" aria-label=\"Item\" required maxlength=\"60\">", "Put in");
        page.form("clear", csrf, "", "Empty").markup("</section>");

        page.markup("<section><h2>Profile</h2><p>Colour: ").text(profile.getColour());
        page.markup(", changed ").text(profile.getChangedAt() == null ? "never" : TIME.format(profile.getChangedAt()));
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
            page.markup(mine ? " <em>this one</em>" : "");
            page.markup("<td>").text(TIME.format(info.createdAt()));
            page.markup("<td>").text(TIME.format(info.lastAccessedAt()));
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
        page.sendTo(response);
    }
}
