package io.gatehouse.internal.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.testing.App;
import io.gatehouse.testing.App.Handler;
import io.gatehouse.testing.Browser;
import io.gatehouse.testing.Browser.Answer;
import io.gatehouse.testing.RedisTest;
import io.gatehouse.testing.TestRedis;
import jakarta.servlet.Filter;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.catalina.servlets.DefaultServlet;
import org.apache.catalina.startup.Tomcat;
import org.apache.tomcat.util.descriptor.web.FilterDef;
import org.apache.tomcat.util.descriptor.web.FilterMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Shared caches must not store responses with a cookie of Gatehouse (RFC 9111, section 7.3). */
@RedisTest
class NoStoreResponseTest {
    private static final TestRedis REDIS = TestRedis.shared();
    private static final Map<String, Handler> WAYS = new LinkedHashMap<>();
    private static App app;

    static {
        WAYS.put("nothing-said", (request, response) -> {});
        WAYS.put("expires", (request, response) -> response.setDateHeader("Expires", Long.MAX_VALUE / 1000));
        WAYS.put("public", (request, response) -> response.setHeader("cache-CONTROL", "public, max-age=3600"));
        WAYS.put("two-fields", (request, response) -> {
            response.addHeader("Cache-Control", "max-age=60");
            response.addHeader("Cache-Control", "s-maxage=600");
        });
        WAYS.put("redirect", (request, response) -> {
            response.setHeader("Cache-Control", "public");
            response.sendRedirect("/elsewhere");
        });
        WAYS.put("redirect-and-then-a-cookie", (request, response) -> {
            response.setHeader("Cache-Control", "public");
            response.sendRedirect("/elsewhere");
            request.changeSessionId();
        });
        WAYS.put("not-modified", (request, response) -> {
            response.setHeader("Cache-Control", "public");
            response.setStatus(304);
        });
        WAYS.put("said-when-the-cookie-is-there", (request, response) -> {
            response.setContentLength(2);
            response.getWriter().print("ok");
            response.setHeader("Cache-Control", "public");
        });
        WAYS.put("cdn", (request, response) -> {
            response.setHeader("CDN-Cache-Control", "max-age=600");
            response.setHeader("Surrogate-Control", "max-age=600");
        });
    }

    @TempDir
    static Path files;

    @BeforeAll
    static void start() throws IOException {
        Files.writeString(files.resolve("app.js"), "alert()");
        App.Builder builder = App.with(REDIS.url());
        WAYS.forEach((name, way) -> builder.on("/" + name, (request, response) -> {
            request.getSession();
            way.handle(request, response);
        }));
        app = builder.on("/end", (request, response) -> {
                    response.setHeader("Cache-Control", "public");
                    request.getSession().invalidate();
                })
                .on("/look", (request, response) -> {
                    request.getSession();
                    response.setHeader("Cache-Control", "public, max-age=3600");
                })
                .customize(context -> {
                    context.setDocBase(files.toString());
                    Tomcat.addServlet(context, "default", new DefaultServlet()).addMapping("/");
                    FilterDef definition = new FilterDef();
                    definition.setFilterName("sessions");
                    definition.setFilter((Filter) (request, response, chain) -> {
                        if (request.getParameter("session") != null) {
                            ((jakarta.servlet.http.HttpServletRequest) request).getSession();
                        }
                        ((jakarta.servlet.http.HttpServletResponse) response).setHeader("Cache-Control", "public");
                        chain.doFilter(request, response);
                    });
                    context.addFilterDef(definition);
                    FilterMap map = new FilterMap();
                    map.setFilterName("sessions");
                    map.addURLPattern("/app.js");
                    context.addFilterMap(map);
                })
                .start();
    }

    @AfterAll
    static void stop() {
        app.close();
    }

    static Stream<String> ways() {
        return WAYS.keySet().stream();
    }

    private static void isPrivate(Answer answer) {
        assertThat(answer.setCookies()).as("status %d", answer.status()).hasSize(1);
        List<String> directives = answer.headers().getOrDefault("cache-control", List.of());
        assertThat(String.join(", ", directives)).contains("private").doesNotContain("public", "s-maxage");
        for (String field : List.of("cdn-cache-control", "surrogate-control")) {
            String value = answer.header(field);
            assertThat(value == null || value.contains("private") || value.equals("no-store"))
                    .as("%s: %s", field, value)
                    .isTrue();
        }
    }

    @ParameterizedTest
    @MethodSource("ways")
    void aResponseWithTheCookieIsPrivate(String way) {
        isPrivate(new Browser().get(app.url("/" + way)));
    }

    @Test
    void aResponseThatRemovesTheCookieIsPrivate() {
        Browser browser = new Browser();
        browser.get(app.url("/look"));
        isPrivate(browser.get(app.url("/end")));
    }

    @Test
    void aResponseWithoutACookieIsUnchanged() {
        Browser browser = new Browser();
        browser.get(app.url("/look"));
        Answer answer = browser.get(app.url("/look"));
        assertThat(answer.setCookies()).isEmpty();
        assertThat(answer.header("cache-control")).isEqualTo("public, max-age=3600");
    }

    @Test
    void aFileIsPrivateWithStatus200And304() {
        isPrivate(new Browser().get(app.url("/app.js?session")));
        Answer plain = new Browser().get(app.url("/app.js"));
        assertThat(plain.header("cache-control")).isEqualTo("public");
        Answer unchanged = new Browser()
                .send(HttpRequest.newBuilder(URI.create(app.url("/app.js?session")))
                        .header("If-None-Match", Objects.requireNonNull(plain.header("etag"))));
        assertThat(unchanged.status()).isEqualTo(304);
        isPrivate(unchanged);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    ''|private
                    public|private
                    PUBLIC, Max-Age=5|Max-Age=5, private
                    max-age=5, s-maxage = 9, immutable|max-age=5, immutable, private
                    no-cache|no-cache, private
                    no-cache="Set-Cookie, X", public|no-cache="Set-Cookie, X", private
                    private="X"|private
                    private="X, public"|private
                    private|private
                    private, max-age=3|private, max-age=3
                    private, public|private
                    no-store|no-store
                    must-understand, no-store|must-understand, no-store, private
                    extension="unfinished, public|extension="unfinished, public, private
                    ,,|private
                    """)
    void replacesDirectivesThatAllowSharedCaches(String before, String after) {
        assertThat(NoStoreResponse.restricted(before)).isEqualTo(after);
    }
}
