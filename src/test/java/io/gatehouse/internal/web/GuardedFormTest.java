package io.gatehouse.internal.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.testing.App;
import io.gatehouse.testing.Browser;
import io.gatehouse.testing.RedisTest;
import io.gatehouse.testing.TestRedis;
import jakarta.servlet.MultipartConfigElement;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.catalina.Wrapper;
import org.apache.catalina.startup.Tomcat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Login forms: which requests are attempts, and that the application can read the body afterwards. */
@RedisTest
class GuardedFormTest {
    private static final TestRedis REDIS = TestRedis.shared();
    private static final String FORM = "application/x-www-form-urlencoded";
    private static final String MULTIPART = "multipart/form-data; boundary=b";
    private static final String PARTS =
            "--b\r\nContent-Disposition: form-data; name=\"user\"\r\n\r\nalice\r\n--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.txt\"\r\n\r\nline\r\n--b--\r\n";

    private static App.Builder app(String forms) {
        return App.with(REDIS.url())
                .set("GATEHOUSE_LOGIN_FORMS", forms)
                .set("GATEHOUSE_LOGIN_BODY_BYTES", "10000")
                .set("GATEHOUSE_FILTER_EXCLUDE", "*.css, /open/*")
                .on("/login/*", (request, response) -> response.getWriter().print("wrong"))
                .on("/elsewhere", (request, response) -> response.getWriter().print("other"))
                .on("/parameters", (request, response) -> print(response, parameters(request)))
                .on(
                        "/reader",
                        (request, response) ->
                                print(response, request.getReader().lines().collect(Collectors.joining("|"))))
                .on(
                        "/stream",
                        (request, response) -> print(
                                response, new String(request.getInputStream().readAllBytes(), StandardCharsets.UTF_8)))
                .on(
                        "/front/*",
                        (request, response) -> print(
                                response, new String(request.getInputStream().readAllBytes(), StandardCharsets.UTF_8)))
                .on("/async", ListeningReader::read)
                .on(
                        "/forward",
                        (request, response) -> request.getRequestDispatcher("/parameters?more=1")
                                .forward(request, response))
                .customize(context -> {
                    Wrapper servlet = Tomcat.addServlet(context, "parts", new PartsServlet());
                    servlet.setMultipartConfigElement(new MultipartConfigElement(""));
                    servlet.addMapping("/parts");
                });
    }

    private static void print(HttpServletResponse response, Object text) throws IOException {
        response.setContentType("text/plain;charset=UTF-8");
        response.getWriter().print(text);
    }

    private static Map<String, String> parameters(HttpServletRequest request) {
        Map<String, String> all = new TreeMap<>();
        request.getParameterMap().forEach((name, values) -> all.put(name, String.join(",", values)));
        assertThat(java.util.Collections.list(request.getParameterNames())).containsAll(all.keySet());
        all.forEach((name, values) -> assertThat(values).startsWith(request.getParameter(name)));
        return all;
    }

    private static final class PartsServlet extends HttpServlet {
        private static final long serialVersionUID = 1L;

        @Override
        protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
            try {
                print(
                        response,
                        request.getParts().size()
                                + new String(
                                        request.getPart("file").getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                                + request.getParameter("user"));
            } catch (jakarta.servlet.ServletException e) {
                throw new IOException(e);
            }
        }
    }

    private static Browser.Answer send(App app, String method, String path, String type, String body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(app.url(path)))
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        return new Browser().send(type.isEmpty() ? request : request.header("Content-Type", type));
    }

    private static int failures(App app, String account) {
        return app.gatehouse().loginGuard().inspect(account).failures();
    }

    @ParameterizedTest
    @CsvSource(delimiter = ' ', emptyValue = "", textBlock = """
                    POST /login '' user=alice
                    POST /login text/plain user=alice
                    POST /login application/x-www-form-urlencoded user=alice
                    POST /login application/x-www-form-urlencoded;charset=UTF-8 a=b&us%65r=%61lice
                    PUT /login application/x-www-form-urlencoded user=alice
                    PATCH /login application/json {"user":"alice"}
                    POST /login application/vnd.a+json {"x":[{"y":1}],"us\\u0065r":"alice","n":null}
                    POST /login '' {"user":["alice"]}
                    DELETE /login?user=alice '' ''
                    GET /login?user=alice '' ''
                    GET /login?a=b&user=alic%65 '' ''
                    POST /login?user=alice application/octet-stream xyz
                    POST /login/ '' user=alice
                    POST /login/x '' user=alice
                    POST /login/x.css '' user=alice
                    POST /login;x=1 '' user=alice
                    POST /login;x=1/y;z '' user=alice
                    """)
    void everyRequestToTheServletOfTheFormIsAnAttempt(String method, String path, String type, String body) {
        try (App app = app("/login user").start()) {
            assertThat(send(app, method, path, type == null ? "" : type, body == null ? "" : body)
                            .body())
                    .isEqualTo("wrong");
            assertThat(failures(app, "alice")).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/parts", "/stream"})
    void multipartIsAnAttemptWhetherTheServerParsesItOrTheApplication(String path) {
        try (App app = app("/parts user, /stream user").start()) {
            for (int i = 0; i < 5; i++) {
                assertThat(send(app, "POST", path, MULTIPART, PARTS).body())
                        .isEqualTo(path.equals("/parts") ? "2linealice" : PARTS);
            }
            assertThat(send(app, "POST", path, MULTIPART, PARTS).status()).isEqualTo(429);
        }
    }

    @Test
    void findsANestedJsonFieldByItsPath() {
        try (App app = app("/login credentials.user").start()) {
            Browser.Answer unused =
                    send(app, "POST", "/login", "application/json", "{\"credentials\":{\"user\":\"alice\"}}");
            unused = send(app, "POST", "/login", "application/json", "{\"user\":\"bob\"}");
            assertThat(failures(app, "alice")).isEqualTo(1);
            assertThat(failures(app, "bob")).isZero();
        }
    }

    @Test
    void countsEveryValueInQueryAndBody() {
        try (App app = app("/login user").start()) {
            Browser.Answer unused = send(app, "POST", "/login?user=a1&user=a2", FORM, "user=a3&user=a4&user=a1");
            unused = send(app, "POST", "/login", "application/json", "{\"user\":\"a5\",\"user\":\"a6\"}");
            assertThat(IntStream.rangeClosed(1, 6).map(i -> failures(app, "a" + i)))
                    .containsOnly(1);
        }
    }

    @Test
    void rejectsMoreThanEightAccountsWithoutACharge() {
        try (App app = app("/login user").start()) {
            String names = IntStream.range(0, 9).mapToObj(i -> "user=a" + i).collect(Collectors.joining("&"));
            assertThat(send(app, "POST", "/login", FORM, names).status()).isEqualTo(400);
            assertThat(failures(app, "a0")).isZero();
            assertThat(send(app, "POST", "/login", FORM, names.substring(0, names.lastIndexOf('&')))
                            .status())
                    .isEqualTo(200);
            assertThat(failures(app, "a7")).isEqualTo(1);
        }
    }

    @Test
    void oneLockedAccountRefusesTheRequestWithoutChargingTheOthers() {
        try (App app = app("/login user").start()) {
            for (int i = 0; i < 5; i++) {
                Browser.Answer unused = send(app, "POST", "/login", FORM, "user=alice");
            }
            assertThat(send(app, "POST", "/login?user=bob", FORM, "user=alice").status())
                    .isEqualTo(429);
            assertThat(failures(app, "bob")).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "password=x", "{\"name\":\"alice\"}", "<user>alice</user>"})
    void anAttemptWithoutAnAccountCountsByItsAddress(String body) {
        try (App app = app("/login user").start()) {
            for (int i = 0; i < 21; i++) {
                assertThat(send(app, "POST", "/login", "", body).status()).isEqualTo(200);
            }
            assertThat(send(app, "POST", "/login", "", body).status()).isEqualTo(429);
            assertThat(send(app, "POST", "/login", "", "user=alice").status()).isEqualTo(429);
        }
    }

    /** Otherwise padding would keep the attempt from being counted for its account. */
    @Test
    void aBodyThatIsTooLongToBeSearchedIsRejected() {
        try (App app = app("/stream user, /parameters user").start()) {
            String body = "user=alice&x=" + "y".repeat(20_000);
            assertThat(send(app, "POST", "/stream", "text/plain", body).status())
                    .isEqualTo(413);
            assertThat(send(app, "POST", "/parameters", FORM, body).status()).isEqualTo(413);
            assertThat(new Browser()
                            .send(HttpRequest.newBuilder(URI.create(app.url("/stream")))
                                    .POST(BodyPublishers.ofInputStream(
                                            () -> new ByteArrayInputStream(body.getBytes(StandardCharsets.UTF_8)))))
                            .status())
                    .as("without a length")
                    .isEqualTo(413);
            assertThat(send(app, "POST", "/stream", "text/plain", "user=alice").body())
                    .isEqualTo("user=alice");
            assertThat(failures(app, "alice")).isEqualTo(1);
        }
    }

    /** A servlet that serves a form may serve uploads under other paths. */
    @Test
    void aLongBodyUnderAnotherPathOfTheServletCountsByItsAddressAndStaysComplete() {
        try (App app = app("/front/login user").start()) {
            String body = "user=alice&x=" + "y".repeat(20_000);
            assertThat(send(app, "POST", "/front/upload", "text/plain", body).body())
                    .isEqualTo(body);
            assertThat(new Browser()
                            .send(HttpRequest.newBuilder(URI.create(app.url("/front/upload")))
                                    .POST(BodyPublishers.ofInputStream(
                                            () -> new ByteArrayInputStream(body.getBytes(StandardCharsets.UTF_8)))))
                            .body())
                    .as("without a length")
                    .isEqualTo(body);
            assertThat(send(app, "POST", "/front/login", "text/plain", body).status())
                    .isEqualTo(413);
            assertThat(failures(app, "alice")).isZero();
        }
    }

    @Test
    void requestsForThePageOfTheFormAndOtherPathsAreNotAttempts() {
        try (App app = app("/login user, /elsewhere/login user").start()) {
            for (int i = 0; i < 30; i++) {
                assertThat(send(app, "GET", "/login", "", "").status()).isEqualTo(200);
                assertThat(send(app, "GET", "/login?next=/x", "", "").status()).isEqualTo(200);
                assertThat(send(app, "OPTIONS", "/login", "", "").status()).isEqualTo(200);
                assertThat(send(app, "POST", "/elsewhere", FORM, "user=alice").body())
                        .isEqualTo("other");
            }
            assertThat(failures(app, "alice")).isZero();
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = ' ', textBlock = """
                    /reader application/x-www-form-urlencoded user=alice&a=%C3%BC user=alice&a=%C3%BC
                    /stream application/x-www-form-urlencoded user=alice&a=%C3%BC user=alice&a=%C3%BC
                    /async application/x-www-form-urlencoded user=alice&a=%C3%BC user=alice&a=%C3%BC
                    /stream application/json {"user":"alice"} {"user":"alice"}
                    /reader application/json {"user":"alice"} {"user":"alice"}
                    /parameters?q=1&a=0 application/x-www-form-urlencoded user=alice&a=%C3%BC&a=+ '{a=0,ü, , q=1, user=alice}'
                    /parameters?q=1 application/json {"user":"alice"} {q=1}
                    /forward?q=1 application/x-www-form-urlencoded user=alice '{more=1, q=1, user=alice}'
                    """)
    void theApplicationCanReadTheBody(String path, String type, String body, String read) {
        try (App app = app("/reader user, /stream user, /async user, /parameters user, /forward user")
                .start()) {
            assertThat(send(app, "POST", path, type, body).body()).isEqualTo(read);
            assertThat(failures(app, "alice")).isEqualTo(1);
        }
    }

    @Test
    void doesNotReadBodiesOfOtherPaths() {
        try (App app = app("/login user").start()) {
            assertThat(send(app, "POST", "/parts", MULTIPART, PARTS).body()).isEqualTo("2linealice");
            assertThat(send(app, "POST", "/parameters", FORM, "user=alice").body())
                    .isEqualTo("{user=alice}");
        }
    }
}
