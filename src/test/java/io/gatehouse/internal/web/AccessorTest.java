package io.gatehouse.internal.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatehouse.RedisUnavailableException;
import io.gatehouse.testing.App;
import io.gatehouse.testing.Browser;
import io.gatehouse.testing.CountingProxy;
import io.gatehouse.testing.Eventually;
import io.gatehouse.testing.RedisTest;
import io.gatehouse.testing.TestRedis;
import jakarta.servlet.http.HttpSession;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code HttpSession.getAccessor()} of Servlet 6.1, which Tomcat 11 supports: sessions outside of requests. */
@RedisTest
class AccessorTest {
    private static final TestRedis REDIS = TestRedis.shared();
    private static final CountingProxy PROXY = new CountingProxy(REDIS.port());
    private static final AtomicReference<@Nullable Consumer<Consumer<HttpSession>>> ACCESSOR = new AtomicReference<>();
    private static final AtomicReference<@Nullable HttpSession> UNDER_WAY = new AtomicReference<>();
    private static App app;
    private static App otherNode;

    private final Browser browser = new Browser();

    @BeforeAll
    static void start() {
        app = node();
        otherNode = node();
    }

    private static App node() {
        return App.with(PROXY.url())
                .on("/accessor", (request, response) -> {
                    request.getSession().setAttribute("list", new ArrayList<>(List.of("a")));
                    ACCESSOR.set(accessorOf(request.getSession()));
                })
                .on(
                        "/list",
                        (request, response) ->
                                response.getWriter().print(request.getSession().getAttribute("list")))
                .on("/add", (request, response) -> add(request.getSession(), "node"))
                .on(
                        "/last-access",
                        (request, response) ->
                                response.getWriter().print(request.getSession().getLastAccessedTime()))
                .on("/during", (request, response) -> {
                    HttpSession session = request.getSession();
                    UNDER_WAY.set(session);
                    AtomicReference<@Nullable HttpSession> given = new AtomicReference<>();
                    inAnotherThread(accessorOf(session), given::set);
                    inAnotherThread(accessorOf(session), same -> same.setAttribute("list", List.of("early")));
                    response.getWriter().print((given.get() == session) + " " + session.getAttribute("list"));
                })
                .on("/id-changed-during", (request, response) -> {
                    request.changeSessionId();
                    access(accessorOf(request.getSession()), session -> add(session, "new id"));
                })
                .on("/change-id", (request, response) -> request.changeSessionId())
                .on("/logout", (request, response) -> {
                    HttpSession session = request.getSession();
                    session.invalidate();
                    assertThatIllegalStateException().isThrownBy(() -> accessorOf(session));
                })
                .start();
    }

    @AfterAll
    static void stop() {
        app.close();
        otherNode.close();
        PROXY.close();
    }

    @BeforeEach
    void createSession() {
        Eventually.within(Duration.ofSeconds(10), () -> ask("/accessor")); // a test before may have cut connections
        access(session -> add(session, "x")); // so that Redis knows all scripts
        ask("/accessor");
        PROXY.takeRoundTrips();
    }

    /** Calls {@code getAccessor()} by reflection, because the tests are compiled against Servlet 6.0. */
    private static Consumer<Consumer<HttpSession>> accessorOf(HttpSession session) {
        try {
            Method getAccessor = HttpSession.class.getMethod("getAccessor");
            Object accessor = getAccessor.invoke(session);
            Method access = getAccessor.getReturnType().getMethod("access", Consumer.class);
            return consumer -> call(access, accessor, consumer);
        } catch (InvocationTargetException e) {
            throw (RuntimeException) e.getTargetException();
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(e.getMessage(), e);
        }
    }

    private static void call(Method access, Object accessor, Consumer<HttpSession> consumer) {
        try {
            access.invoke(accessor, consumer);
        } catch (InvocationTargetException e) {
            throw (RuntimeException) e.getTargetException();
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(e.getMessage(), e);
        }
    }

    private static void access(Consumer<HttpSession> consumer) {
        access(ACCESSOR.get(), consumer);
    }

    private static void access(@Nullable Consumer<Consumer<HttpSession>> accessor, Consumer<HttpSession> consumer) {
        if (accessor == null) {
            throw new AssertionError("no accessor");
        }
        accessor.accept(consumer);
    }

    private static void inAnotherThread(Consumer<Consumer<HttpSession>> accessor, Consumer<HttpSession> consumer) {
        CompletableFuture.runAsync(() -> accessor.accept(consumer)).join();
    }

    @SuppressWarnings("unchecked")
    private static void add(HttpSession session, String element) {
        ((List<String>) session.getAttribute("list")).add(element);
    }

    private String ask(String path) {
        Browser.Answer answer = browser.get(app.url(path));
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return answer.body();
    }

    @Test
    void anAccessorStoresChangesAfterTheRequestFromAnyThread() {
        inAnotherThread(Objects.requireNonNull(ACCESSOR.get()), session -> add(session, "b"));
        assertThat(ask("/list")).isEqualTo("[a, b]");
        access(session -> session.setAttribute("list", "other"));
        assertThat(ask("/list")).isEqualTo("other");
    }

    @Test
    void anAccessorTakesOneRoundTripToReadAndTwoToChange() {
        access(session -> assertThat(session.getAttribute("list")).isEqualTo(List.of("a")));
        assertThat(PROXY.takeRoundTrips()).isEqualTo(1);
        access(session -> add(session, "b"));
        assertThat(PROXY.takeRoundTrips()).isEqualTo(2);
    }

    @Test
    void anAccessorSeesWhatOtherNodesHaveStored() {
        browser.get(otherNode.url("/add"));
        access(session -> assertThat(session.getAttribute("list")).isEqualTo(List.of("a", "node")));
    }

    @Test
    void anAccessorCountsAsAnAccess() {
        Eventually.nextMillisecond();
        long before = System.currentTimeMillis();
        access(session -> assertThat(session.getLastAccessedTime()).isLessThan(before));
        Eventually.nextMillisecond();
        assertThat(Long.parseLong(ask("/last-access"))).isBetween(before, System.currentTimeMillis() - 1);
    }

    @Test
    void anAccessorSharesTheSessionOfARunningRequest() {
        assertThat(ask("/during")).isEqualTo("true [early]");
        Browser visitor = new Browser();
        assertThat(visitor.get(app.url("/during")).body()).isEqualTo("true [early]");
        assertThat(visitor.get(app.url("/list")).body()).isEqualTo("[early]");
    }

    @Test
    void aSessionWithAnAccessorEqualsItselfOnly() {
        ask("/during");
        HttpSession first = Objects.requireNonNull(UNDER_WAY.get());
        new Browser().get(app.url("/during"));
        HttpSession second = Objects.requireNonNull(UNDER_WAY.get());
        Set<HttpSession> firstAlone = Set.of(first);
        assertThat(firstAlone.contains(first)).isTrue();
        assertThat(firstAlone.contains(second)).isFalse();
        assertThat(first.toString()).startsWith("session ");
    }

    @Test
    void anAccessorIsInvalidAfterTheEndAndAfterAnIdChange() {
        ask("/change-id");
        assertIsInvalid();
        ask("/accessor");
        access(session -> {});
        ask("/logout");
        assertIsInvalid();
    }

    @Test
    void anAccessorSeesTheNewIdOfARunningRequest() {
        ask("/id-changed-during");
        assertThat(ask("/list")).isEqualTo("[a, new id]");
    }

    @Test
    void anAccessorIsInvalidAfterTheEndOnAnotherNode() {
        browser.get(otherNode.url("/logout"));
        assertIsInvalid();
    }

    private static void assertIsInvalid() {
        assertThatIllegalStateException()
                .isThrownBy(() -> access(session -> {
                    throw new AssertionError("used " + session);
                }));
    }

    @Test
    void anAccessorCanEndTheSession() {
        access(HttpSession::invalidate);
        assertIsInvalid();
        assertThat(ask("/list")).isEqualTo("null");
    }

    @Test
    void anAccessorStoresChangesMadeBeforeAFailureAndThrowsIt() {
        assertThatThrownBy(() -> access(session -> {
                    add(session, "b");
                    throw new UnsupportedOperationException("on purpose");
                }))
                .hasMessage("on purpose");
        assertThat(ask("/list")).isEqualTo("[a, b]");
    }

    @Test
    void anAccessorReportsThatRedisIsUnavailable() {
        PROXY.fault(CountingProxy.Fault.CUTTING);
        try {
            assertThatThrownBy(() -> access(session -> {})).isInstanceOf(RedisUnavailableException.class);
        } finally {
            PROXY.fault(CountingProxy.Fault.NONE);
        }
        Eventually.within(Duration.ofSeconds(10), () -> ask("/list"));
    }
}
