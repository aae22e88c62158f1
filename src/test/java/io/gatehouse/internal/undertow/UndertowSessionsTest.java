package io.gatehouse.internal.undertow;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.session.Authentication;
import io.gatehouse.testing.Browser;
import io.gatehouse.testing.Browser.Answer;
import io.gatehouse.testing.RedisTest;
import io.gatehouse.testing.TestRedis;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.servlet.api.ListenerInfo;
import io.undertow.servlet.handlers.ServletRequestContext;
import io.undertow.servlet.util.ImmediateInstanceFactory;
import io.undertow.util.Headers;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletRequestEvent;
import jakarta.servlet.ServletRequestListener;
import jakarta.servlet.ServletRequestWrapper;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import jakarta.servlet.http.HttpSessionEvent;
import jakarta.servlet.http.HttpSessionIdListener;
import jakarta.servlet.http.HttpSessionListener;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Tests the sessions of an embedded Undertow that are those of Gatehouse. */
@RedisTest
class UndertowSessionsTest {
    private final TestRedis redis;
    private final Browser browser = new Browser();
    private final List<String> events = new CopyOnWriteArrayList<>();

    UndertowSessionsTest(TestRedis redis) {
        this.redis = redis;
    }

    private Map<String, String> settings() {
        return Map.of("REDIS_SESSION_URL", redis.url(), "REDIS_RATE_LIMIT_URL", redis.url());
    }

    private UndertowApp app(UndertowApp.DeploymentCustomizer customizer) {
        return new UndertowApp(settings(), UndertowSessionsTest::serve, customizer);
    }

    private static void serve(HttpServletRequest request, HttpServletResponse response) throws IOException {
        HttpSession raw = raw(request).getSession(false);
        response.getWriter()
                .print(
                        switch (request.getPathInfo()) {
                            case "/count" -> count(request.getSession());
                            case "/raw-count" -> count(raw(request).getSession());
                            case "/same" ->
                                raw != null
                                        && raw.getId()
                                                .equals(request.getSession().getId())
                                        && raw.getId().equals(raw(request).getRequestedSessionId())
                                        && raw(request).isRequestedSessionIdValid()
                                        && raw(request).isRequestedSessionIdFromCookie();
                            case "/id" -> request.getSession().getId();
                            case "/change-id" -> raw(request).getSession() != null && request.changeSessionId() != null;
                            case "/end" -> {
                                request.getSession().invalidate();
                                yield isEnded(raw) + " " + raw(request).getSession(false);
                            }
                            case "/authenticated" -> {
                                request.getSession().setAttribute("io.gatehouse.user", "ada");
                                yield Authentication.of(raw(request)).time().isPresent();
                            }
                            case "/by-listener" -> raw == null ? null : raw.getAttribute("listener");
                            default -> raw == null ? null : raw.getAttribute("handler");
                        });
    }

    private static HttpServletRequest raw(HttpServletRequest request) {
        ServletRequest inner = request;
        while (inner instanceof ServletRequestWrapper wrapper) {
            inner = wrapper.getRequest();
        }
        return (HttpServletRequest) inner;
    }

    private static int count(HttpSession session) {
        int count = session.getAttribute("count") instanceof Integer before ? before + 1 : 1;
        session.setAttribute("count", count);
        return count;
    }

    private static boolean isEnded(HttpSession session) {
        try {
            return session.getAttribute("count") == null;
        } catch (IllegalStateException e) {
            return true;
        }
    }

    private String get(UndertowApp app, String path) {
        Answer answer = browser.get(app.url(path));
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        assertThat(answer.setCookies()).noneMatch(cookie -> cookie.startsWith("JSESSIONID"));
        return answer.body();
    }

    @Test
    void areTheSessionsOfGatehouseForTheServerToo() {
        try (UndertowApp app = app(info -> {})) {
            assertThat(get(app, "/count")).isEqualTo("1");
            assertThat(get(app, "/raw-count")).isEqualTo("2");
            assertThat(get(app, "/count")).isEqualTo("3");
            assertThat(get(app, "/same")).isEqualTo("true");
        }
        try (UndertowApp app = app(info -> {})) {
            assertThat(get(app, "/count")).isEqualTo("4");
        }
    }

    /** CDI injects the request of the server. */
    @Test
    void giveTheRequestOfTheServerItsAuthentication() {
        try (UndertowApp app = app(info -> {})) {
            assertThat(get(app, "/authenticated")).isEqualTo("true");
        }
    }

    @Test
    void areCreatedByTheServerWithTheCookieOfGatehouse() {
        try (UndertowApp app = app(info -> {})) {
            assertThat(get(app, "/raw-count")).isEqualTo("1");
            assertThat(browser.token()).isNotEmpty();
            assertThat(get(app, "/raw-count")).isEqualTo("2");
        }
    }

    @Test
    void endForTheServerWhenTheApplicationEndsThem() {
        try (UndertowApp app = app(info -> {})) {
            get(app, "/count");
            assertThat(get(app, "/end")).isEqualTo("true null");
            assertThat(browser.cookie("sid")).isNull();
            assertThat(get(app, "/raw-count")).isEqualTo("1");
        }
    }

    @Test
    void areSavedBeforeAResponseThatTheServerSendsByItself() {
        try (UndertowApp app = app(info -> info.addInnerHandlerChainWrapper(RedirectingHandler::new))) {
            Answer answer = browser.get(app.url("/redirected"));
            assertThat(answer.status()).isEqualTo(302);
            assertThat(browser.token()).isNotEmpty();
            assertThat(get(app, "/handled")).isEqualTo("was here");
        }
    }

    @Test
    void becomeUnavailableIfTheServersResponseCannotBeSaved() {
        try (TestRedis own = TestRedis.start();
                UndertowApp app = new UndertowApp(
                        Map.of("REDIS_SESSION_URL", own.url(), "REDIS_RATE_LIMIT_URL", redis.url()),
                        UndertowSessionsTest::serve,
                        info -> info.addInnerHandlerChainWrapper(next -> new RedirectingHandler(next, own)))) {
            Answer answer = browser.get(app.url("/redirected"));
            assertThat(answer.status()).as(answer.headers().toString()).isEqualTo(503);
            assertThat(answer.header("location")).isNull();
            assertThat(answer.header("retry-after")).isNotNull();
            assertThat(browser.cookie("sid")).isNull();
        }
    }

    @Test
    void keepWhatARequestListenerChangesAfterTheApplication() {
        ServletRequestListener listener = new ServletRequestListener() {
            @Override
            public void requestDestroyed(ServletRequestEvent event) {
                if (((HttpServletRequest) event.getServletRequest())
                        .getRequestURI()
                        .equals("/raw-count")) {
                    ((HttpServletRequest) event.getServletRequest())
                            .getSession()
                            .setAttribute("listener", "was here");
                }
            }
        };
        try (UndertowApp app = app(info -> info.addListener(new ListenerInfo(
                listener.getClass(), new ImmediateInstanceFactory<ServletRequestListener>(listener))))) {
            get(app, "/raw-count");
            assertThat(get(app, "/by-listener")).isEqualTo("was here");
        }
    }

    @Test
    void notifyEachListenerOnce() {
        Recorder recorder = new Recorder();
        try (UndertowApp app = app(
                info -> info.addListener(new ListenerInfo(Recorder.class, new ImmediateInstanceFactory<>(recorder))))) {
            get(app, "/raw-count");
            get(app, "/change-id");
            get(app, "/end");
        }
        assertThat(events).containsExactly("created", "id changed", "destroyed");
    }

    private final class Recorder implements HttpSessionListener, HttpSessionIdListener {
        @Override
        public void sessionCreated(HttpSessionEvent event) {
            events.add("created");
        }

        @Override
        public void sessionDestroyed(HttpSessionEvent event) {
            events.add("destroyed");
        }

        @Override
        public void sessionIdChanged(HttpSessionEvent event, String before) {
            events.add("id changed");
        }
    }

    @Test
    void areThoseOfGatehouseOnExcludedPaths() {
        try (UndertowApp app = app(info -> info.addInitParameter("GATEHOUSE_FILTER_EXCLUDE", "/raw-count"))) {
            assertThat(get(app, "/raw-count")).isEqualTo("1");
            assertThat(get(app, "/count")).isEqualTo("2");
            assertThat(get(app, "/raw-count")).isEqualTo("3");
        }
    }

    @Test
    void areTheServersOwnInFilterModeAndWhileGatehouseIsDisabled() {
        for (String setting : List.of("GATEHOUSE_SESSION_INTEGRATION=filter", "GATEHOUSE_ENABLED=False")) {
            Map<String, String> all = new HashMap<>(settings());
            all.put(setting.split("=", 2)[0], setting.split("=", 2)[1]);
            try (UndertowApp app = new UndertowApp(all, UndertowSessionsTest::serve, info -> {})) {
                Browser visitor = new Browser();
                Answer answer = visitor.get(app.url("/raw-count"));
                assertThat(answer.setCookies()).anyMatch(cookie -> cookie.startsWith("JSESSIONID"));
                assertThat(visitor.get(app.url("/raw-count")).body()).isEqualTo("2");
            }
        }
    }

    /** A handler behind the guard that changes the session and redirects without a servlet, as a login form does. */
    private static final class RedirectingHandler implements HttpHandler {
        private final HttpHandler next;
        private final @Nullable TestRedis failing;

        RedirectingHandler(HttpHandler next) {
            this(next, null);
        }

        RedirectingHandler(HttpHandler next, @Nullable TestRedis failing) {
            this.next = next;
            this.failing = failing;
        }

        @Override
        public void handleRequest(HttpServerExchange exchange) throws Exception {
            if (!exchange.getRelativePath().equals("/redirected")) {
                next.handleRequest(exchange);
                return;
            }
            ServletRequestContext request = exchange.getAttachment(ServletRequestContext.ATTACHMENT_KEY);
            request.getOriginalRequest().getSession().setAttribute("handler", "was here");
            if (failing != null) {
                failing.freeze(true);
            }
            exchange.setStatusCode(302);
            exchange.getResponseHeaders().put(Headers.LOCATION, "/handled");
            exchange.endExchange();
            if (failing != null) {
                failing.freeze(false);
            }
        }
    }
}
