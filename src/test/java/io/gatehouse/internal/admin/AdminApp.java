package io.gatehouse.internal.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.internal.config.Config;
import io.gatehouse.internal.config.ConfigSource;
import io.gatehouse.internal.ops.Operations;
import io.gatehouse.internal.session.Session;
import io.gatehouse.internal.signing.SigningSettings;
import io.gatehouse.testing.App;
import io.gatehouse.testing.Browser;
import io.gatehouse.testing.Browser.Answer;
import io.gatehouse.testing.TestRedis;
import jakarta.json.bind.Jsonb;
import jakarta.json.bind.JsonbBuilder;
import jakarta.servlet.ServletException;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpRequest;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.realm.GenericPrincipal;
import org.apache.catalina.valves.ValveBase;

/** A test application with the admin API and with secrets that must not appear in responses or logs. */
final class AdminApp implements AutoCloseable {
    static final String TOKEN = "admin-token-0123456789-abcdefghijklm";
    static final String SECOND_TOKEN = "second-token-0123456789-abcdefghijk";
    static final String SECRET = "canary-of-an-attribute";
    static final String API = "/api/v1/core/admin";
    /** The header from which the container takes the name of a user and, after a slash, a role. */
    static final String USER = "X-Test-User";

    private static final Jsonb JSON = JsonbBuilder.create();

    private final App app;

    private AdminApp(App app) {
        this.app = app;
    }

    /** Returns a builder with every feature enabled. */
    static App.Builder with(String redis) {
        return App.with(redis)
                .set("GATEHOUSE_CACHE_ENABLED", "True")
                .set("REDIS_URL", redis)
                .set("REDIS_CACHE_WARMING_URL", redis)
                .set("GATEHOUSE_ENDPOINTS_ENABLED", "True")
                .set("GATEHOUSE_ADMIN_TOKEN", TOKEN + ", " + SECOND_TOKEN)
                .set("GATEHOUSE_ADMIN_ROLE", "operator")
                .set("GATEHOUSE_ADMIN_RATE", "100000/min")
                .set("GATEHOUSE_TRUSTED_PROXIES", "127.0.0.1")
                .set("GATEHOUSE_FORWARDED_HEADER", "x-forwarded-for")
                .customize(context -> context.getPipeline().addValve(new Users()))
                .on("/login", (request, response) -> {
                    request.getSession().setAttribute(Session.USER_ATTRIBUTE, request.getParameter("user"));
                    request.getSession().setAttribute("secret", SECRET);
                });
    }

    static AdminApp start(App.Builder builder) {
        return new AdminApp(builder.start());
    }

    /** Authenticates users by a header instead of a login. */
    private static final class Users extends ValveBase {
        @Override
        public void invoke(Request request, Response response) throws IOException, ServletException {
            String user = request.getHeader(USER);
            if (user != null) {
                String[] parts = user.split("/", -1);
                request.setUserPrincipal(new GenericPrincipal(parts[0], List.of(parts[1])));
            }
            getNext().invoke(request, response);
        }
    }

    /** Logs in a user whose session contains secrets. */
    Browser login(String user) {
        Browser browser = new Browser();
        browser.get(app.url("/login?user=" + user));
        return browser;
    }

    String url(String path) {
        return app.url(API + path);
    }

    App app() {
        return app;
    }

    /** Returns the routes of this application. */
    List<Route> routes() {
        Config config = new Config(List.of(ConfigSource.of("test", Map.of("GATEHOUSE_KEYS", App.KEYS))));
        Operations operations = new Operations(
                app.gatehouse().components().sessions().manager(),
                app.gatehouse().components().limiter(),
                app.gatehouse().components().guard(),
                null,
                app.gatehouse().components().jobs(),
                SigningSettings.from(config).orElseThrow(),
                List.of());
        return new Routes(operations, new OpenApiDocument(text -> '"' + text + '"')).table();
    }

    HttpRequest.Builder to(String path) {
        return HttpRequest.newBuilder(URI.create(url(path)));
    }

    static HttpRequest.Builder withToken(HttpRequest.Builder request) {
        return request.header("Authorization", "Bearer " + TOKEN);
    }

    Answer get(String path) {
        return new Browser().send(withToken(to(path)).GET());
    }

    Answer delete(String path) {
        return new Browser().send(withToken(to(path)).DELETE());
    }

    Answer post(String path, String json) {
        return new Browser().send(body(withToken(to(path)), json));
    }

    static HttpRequest.Builder body(HttpRequest.Builder request, String json) {
        return request.header("Content-Type", "application/json").POST(HttpRequest.BodyPublishers.ofString(json));
    }

    @SuppressWarnings("unchecked")
    static Map<String, Object> json(String text) {
        return (Map<String, Object>) JSON.fromJson(text, Map.class);
    }

    /** Returns the handle of the only session of a user. */
    String handle(String user) {
        List<?> sessions = (List<?>)
                json(post("/sessions/search", "{\"user\":\"" + user + "\"}").body())
                        .get("sessions");
        if (sessions == null || sessions.size() != 1) {
            throw new AssertionError("expected one session of " + user + ", found " + sessions);
        }
        return String.valueOf(((Map<?, ?>) sessions.get(0)).get("handle"));
    }

    /** Returns the keys of sessions and runs, which refused calls must not change. */
    static Set<String> persistentKeys(TestRedis redis) {
        return redis.keys().stream()
                .filter(key -> key.contains(":s:") || key.contains(".j}:r:"))
                .collect(Collectors.toSet());
    }

    /** Asserts that a response is a complete problem and discloses nothing else. */
    static void assertIsProblem(Answer answer, int status, String type) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
        assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
        assertThat(answer.header("X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(json(answer.body()))
                .containsEntry("type", "urn:gatehouse:problem:" + type)
                .containsEntry("status", BigDecimal.valueOf(status))
                .containsOnlyKeys("type", "title", "status", "detail", "instance");
        assertThat(answer.body()).doesNotContain("Exception", "io.gatehouse", "alice", SECRET);
    }

    @Override
    public void close() {
        app.close();
    }
}
