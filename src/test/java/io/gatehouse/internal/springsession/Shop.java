package io.gatehouse.internal.springsession;

import io.gatehouse.testing.App;
import io.gatehouse.testing.Browser;
import io.gatehouse.testing.RedisDeployment;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.authority.AuthorityUtils;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextImpl;
import org.springframework.security.core.userdetails.User;

/** An application that logs users in with Spring Security, and that does not know where its sessions are. */
final class Shop {
    static final String PATH = "/shop";

    /** The classes that its sessions contain. */
    static final String CLASSES = "org.springframework.security.**, io.gatehouse.internal.springsession.*";

    private static final String CONTEXT = "SPRING_SECURITY_CONTEXT";

    private Shop() {}

    /** Describes the application. */
    static App.Builder builder() {
        return App.with("redis://unused")
                .path(PATH)
                .on("/visit", Shop::visit)
                .on("/login", Shop::login)
                .on("/show", Shop::show)
                .on("/set", Shop::set)
                .on("/change-id", (request, response) -> request.changeSessionId())
                .on("/logout", Shop::logout);
    }

    /** Starts the application behind Gatehouse, with the importer. */
    static App withGatehouse(RedisDeployment redis, Map<String, String> more) {
        App.Builder builder = builder();
        redis.settings().forEach(builder::set);
        builder.set("GATEHOUSE_IMPORT_SPRING_SESSION", "True").set("GATEHOUSE_IMPORT_SPRING_SESSION_CLASSES", CLASSES);
        more.forEach(builder::set);
        return builder.start();
    }

    private static void visit(HttpServletRequest request, HttpServletResponse response) {
        request.getSession().setAttribute("visits", 1);
    }

    private static void login(HttpServletRequest request, HttpServletResponse response) {
        User user = new User(request.getParameter("user"), "", AuthorityUtils.createAuthorityList("ROLE_BUYER"));
        HttpSession session = request.getSession();
        session.setAttribute(
                CONTEXT,
                new SecurityContextImpl(
                        UsernamePasswordAuthenticationToken.authenticated(user, null, user.getAuthorities())));
        session.setAttribute("cart", new ArrayList<>(List.of(new CartItem("book", 2))));
        session.setMaxInactiveInterval(1234);
    }

    private static void show(HttpServletRequest request, HttpServletResponse response) throws IOException {
        HttpSession session = request.getSession(false);
        if (session == null) {
            response.getWriter().print("no session");
            return;
        }
        String login =
                session.getAttribute(CONTEXT) instanceof SecurityContext context && context.getAuthentication() != null
                        ? context.getAuthentication().getName()
                                + context.getAuthentication().getAuthorities()
                        : "anonymous";
        String names = Collections.list(session.getAttributeNames()).stream()
                .filter(name -> !name.startsWith("io.gatehouse"))
                .sorted()
                .map(name -> name.equals(CONTEXT) ? "context" : name + "=" + session.getAttribute(name))
                .collect(Collectors.joining(" "));
        response.getWriter().print(login + " " + names + " idle=" + session.getMaxInactiveInterval());
    }

    private static void set(HttpServletRequest request, HttpServletResponse response) {
        request.getSession().setAttribute(request.getParameter("name"), request.getParameter("value"));
    }

    private static void logout(HttpServletRequest request, HttpServletResponse response) {
        request.getSession().invalidate();
    }

    /** Returns the value of Spring Session's cookie for a session. */
    static String encoded(String id) {
        return Base64.getEncoder().encodeToString(id.getBytes(StandardCharsets.UTF_8));
    }

    /** Returns a browser with the cookie of a session of Spring Session. */
    static Browser browserOf(String id) {
        return new Browser().withCookie("SESSION", encoded(id));
    }

    static String show(App app, Browser browser) {
        return browser.get(app.url("/show")).body();
    }

    static long count(App app, ImportOutcome outcome) {
        return app.gatehouse().components().importCounters().orElseThrow().of(outcome);
    }
}
