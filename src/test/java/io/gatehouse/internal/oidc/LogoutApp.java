package io.gatehouse.internal.oidc;

import io.gatehouse.testing.App;
import io.gatehouse.testing.Browser;
import io.gatehouse.testing.TestRedis;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.Principal;
import java.util.List;
import java.util.Map;
import org.apache.catalina.realm.GenericPrincipal;
import org.apache.catalina.realm.RealmBase;

/** A node of an application whose users log in at a {@link TestProvider}. */
final class LogoutApp implements AutoCloseable {
    private static final String PREFIX = "/api/v1/core/oidc/";

    private final App app;

    LogoutApp(TestRedis redis, TestProvider provider, Map<String, String> settings) {
        this(Map.of("REDIS_SESSION_URL", redis.url(2)), provider, settings);
    }

    LogoutApp(Map<String, String> redis, TestProvider provider, Map<String, String> settings) {
        App.Builder builder = App.with("redis://unused")
                .set("GATEHOUSE_OIDC_ISSUER", TestProvider.ISSUER)
                .set("GATEHOUSE_OIDC_CLIENT_ID", TestProvider.CLIENT)
                .set("GATEHOUSE_OIDC_JWKS", provider.keys().toString())
                .customize(context -> context.setRealm(new AnyUser()))
                .on("/login", LogoutApp::login)
                .on("/container-login", LogoutApp::containerLogin)
                .on("/who", LogoutApp::who);
        redis.forEach(builder::set);
        settings.forEach(builder::set);
        app = builder.start();
    }

    private static void login(HttpServletRequest request, HttpServletResponse response) {
        HttpSession session = request.getSession();
        session.setAttribute("io.gatehouse.user", request.getParameter("user"));
        String sid = request.getParameter("sid");
        if (sid != null) {
            session.setAttribute("io.gatehouse.oidc.sid", sid);
        }
    }

    /** Logs a user in at the container, as a mechanism of Jakarta Security does. */
    private static void containerLogin(HttpServletRequest request, HttpServletResponse response)
            throws ServletException {
        HttpSession unused = request.getSession();
        request.login(request.getParameter("user"), "any");
    }

    /** An identity store that accepts every user. */
    private static final class AnyUser extends RealmBase {
        @Override
        protected String getPassword(String user) {
            return "any";
        }

        @Override
        protected Principal getPrincipal(String user) {
            return new GenericPrincipal(user, List.of("user"));
        }
    }

    private static void who(HttpServletRequest request, HttpServletResponse response) throws IOException {
        HttpSession session = request.getSession(false);
        response.getWriter().print(session == null ? "no session" : session.getAttribute("io.gatehouse.user"));
    }

    /** Logs a user in, in a session of the provider. */
    Browser login(String user, String sid) {
        Browser browser = new Browser();
        browser.get(app.url("/login?user=" + user + "&sid=" + sid));
        return browser;
    }

    /** Logs a user in at the container. */
    Browser containerLogin(String user) {
        Browser browser = new Browser();
        browser.get(app.url("/container-login?user=" + user));
        return browser;
    }

    String who(Browser browser) {
        return browser.get(app.url("/who")).body();
    }

    Browser.Answer backChannel(String token) {
        return post("logout_token=" + encoded(token));
    }

    Browser.Answer post(String form) {
        return new Browser().post(app.url(PREFIX + "backchannel-logout"), form);
    }

    Browser.Answer get(String path) {
        return new Browser().get(app.url(PREFIX + path));
    }

    Browser.Answer frontChannel(String issuer, String sid) {
        return get("frontchannel-logout?iss=" + encoded(issuer) + "&sid=" + encoded(sid));
    }

    long count(LogoutOutcome outcome) {
        return app.gatehouse().components().logoutCounters().of(outcome);
    }

    App app() {
        return app;
    }

    static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        app.close();
    }
}
