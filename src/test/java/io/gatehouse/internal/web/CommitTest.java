package io.gatehouse.internal.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.testing.App;
import io.gatehouse.testing.App.Handler;
import io.gatehouse.testing.Browser;
import io.gatehouse.testing.Browser.Answer;
import io.gatehouse.testing.RedisTest;
import io.gatehouse.testing.TestRedis;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The session is stored and its cookie set before the first byte of the response is sent, whatever sends it. */
@RedisTest
class CommitTest {
    private static final TestRedis REDIS = TestRedis.shared();
    private static App app;

    /** Actions of a servlet that send the response before the servlet returns. */
    private static final Map<String, Handler> WAYS = new LinkedHashMap<>();

    /** The status of the responses that are not 200. */
    private static final Map<String, Integer> STATUS =
            Map.of("redirect", 302, "redirect61", 303, "redirect61keep", 307, "error", 418, "errormessage", 418);

    static {
        WAYS.put("redirect", (request, response) -> response.sendRedirect("/elsewhere"));
        WAYS.put("redirect61", (request, response) -> redirect61(response, 303, true));
        WAYS.put("redirect61keep", (request, response) -> redirect61(response, 307, false));
        WAYS.put("error", (request, response) -> response.sendError(418));
        WAYS.put("errormessage", (request, response) -> response.sendError(418, "teapot"));
        WAYS.put("flush", (request, response) -> response.flushBuffer());
        WAYS.put(
                "streamflush", (request, response) -> response.getOutputStream().flush());
        WAYS.put("writerflush", (request, response) -> response.getWriter().flush());
        WAYS.put(
                "streamclose", (request, response) -> response.getOutputStream().close());
        WAYS.put("writerclose", (request, response) -> response.getWriter().close());
        WAYS.put(
                "streamoverflow",
                (request, response) -> response.getOutputStream().write(new byte[100_000]));
        WAYS.put(
                "streamprint", (request, response) -> response.getOutputStream().print("x".repeat(100_000)));
        WAYS.put("singlebytes", (request, response) -> {
            for (int i = 0; i < 100_000; i++) {
                response.getOutputStream().write('x');
            }
        });
        WAYS.put("writeroverflow", (request, response) -> response.getWriter().print("x".repeat(100_000)));
        WAYS.put("writerunicode", (request, response) -> {
            response.setContentType("text/plain;charset=UTF-8");
            response.getWriter().print("€".repeat(3000)); // 9000 bytes in a buffer of 8192
        });
        WAYS.put("bytebuffer", (request, response) -> write(response, ByteBuffer.wrap(new byte[100_000])));
        WAYS.put("length", (request, response) -> {
            response.setContentLength(5);
            response.getOutputStream().write("hello".getBytes(StandardCharsets.US_ASCII));
        });
        WAYS.put("lengthheader", (request, response) -> {
            response.setHeader("content-length", "5");
            response.getWriter().print("hello");
        });
        WAYS.put("nonblocking", CommitTest::writeWithoutBlocking);
        WAYS.put("atTheEnd", (request, response) -> response.getWriter().print("short"));
        WAYS.put("nothing", (request, response) -> {});
    }

    @BeforeAll
    static void start() {
        App.Builder builder = App.with(REDIS.url());
        WAYS.forEach((name, way) -> builder.on("/" + name, (request, response) -> {
            request.getSession().setAttribute("made", name);
            way.handle(request, response);
            response.setHeader("Late", "too late"); // sent only if the response was not committed before
        }));
        app = builder.on(
                        "/made",
                        (request, response) ->
                                response.getWriter().print(request.getSession().getAttribute("made")))
                .on("/reset", (request, response) -> {
                    request.getSession().setAttribute("made", "reset");
                    response.getWriter().print("discarded");
                    response.reset();
                    response.getWriter().print("kept");
                })
                .on("/late", (request, response) -> {
                    response.flushBuffer();
                    try {
                        request.getSession();
                    } catch (IllegalStateException e) {
                        response.getWriter().print("too late");
                    }
                })
                .on("/after", (request, response) -> {
                    request.getSession().setAttribute("made", "before");
                    response.flushBuffer();
                    request.getSession().setAttribute("made", "after");
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

    @ParameterizedTest
    @MethodSource("ways")
    void theSessionIsStoredAndItsCookieSet(String way) {
        Browser browser = new Browser();
        Answer answer = browser.get(app.url("/" + way));
        assertThat(answer.status()).isEqualTo(STATUS.getOrDefault(way, 200));
        assertThat(answer.setCookies())
                .as("cookies of a response with status %d", answer.status())
                .hasSize(1);
        assertThat(browser.get(app.url("/made")).body()).isEqualTo(way);
    }

    /** A client may request the target of a redirect before the redirecting request has ended. */
    @Test
    void theTargetOfARedirectSeesAttributesSetBefore() {
        for (int i = 0; i < 50; i++) {
            Browser browser = new Browser();
            browser.get(app.url("/redirect"));
            assertThat(browser.get(app.url("/made")).body()).isEqualTo("redirect");
        }
    }

    @Test
    void resettingTheResponseKeepsTheCookie() {
        Browser browser = new Browser();
        Answer answer = browser.get(app.url("/reset"));
        assertThat(answer.body()).isEqualTo("kept");
        assertThat(answer.setCookies()).hasSize(1);
        assertThat(browser.get(app.url("/made")).body()).isEqualTo("reset");
    }

    @Test
    void createsNoSessionAfterTheResponseIsCommitted() {
        REDIS.flush();
        Answer answer = new Browser().get(app.url("/late"));
        assertThat(answer.body()).isEqualTo("too late");
        assertThat(answer.setCookies()).isEmpty();
        assertThat(REDIS.keys()).isEmpty();
    }

    @Test
    void storesChangesMadeAfterTheResponseIsCommitted() {
        Browser browser = new Browser();
        browser.get(app.url("/after"));
        assertThat(browser.get(app.url("/made")).body()).isEqualTo("after");
    }

    /** Calls the method of Servlet 6.1, as an application that is compiled against it does. */
    private static void redirect61(HttpServletResponse response, int status, boolean clear) throws IOException {
        try {
            Method method = HttpServletResponse.class.getMethod("sendRedirect", String.class, int.class, boolean.class);
            method.invoke(response, "/elsewhere", status, clear);
        } catch (ReflectiveOperationException e) {
            throw new IOException(e);
        }
    }

    private static void write(HttpServletResponse response, ByteBuffer bytes) throws IOException {
        try {
            Method method = ServletOutputStream.class.getMethod("write", ByteBuffer.class);
            method.invoke(response.getOutputStream(), bytes);
        } catch (ReflectiveOperationException e) {
            throw new IOException(e);
        }
    }

    private static void writeWithoutBlocking(HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        jakarta.servlet.AsyncContext async = request.startAsync();
        ServletOutputStream out = response.getOutputStream();
        out.setWriteListener(new WriteListener() {
            private boolean done;

            @Override
            public void onWritePossible() throws IOException {
                while (out.isReady() && !done) {
                    out.write(new byte[20_000]);
                    done = true;
                }
                if (done) {
                    async.complete();
                }
            }

            @Override
            public void onError(Throwable thrown) {
                async.complete();
            }
        });
    }
}
