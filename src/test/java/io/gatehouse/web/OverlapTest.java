package io.gatehouse.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.session.Session;
import io.gatehouse.session.SessionEvent;
import io.gatehouse.testing.App;
import io.gatehouse.testing.Browser;
import io.gatehouse.testing.Eventually;
import io.gatehouse.testing.TestRedis;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import jakarta.servlet.http.HttpSessionIdListener;
import java.io.IOException;
import java.io.InvalidClassException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import java.util.TreeSet;
import java.util.Vector;
import java.util.WeakHashMap;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests of one session that overlap, on one node and on two. Latches decide which step comes first. */
class OverlapTest {
    private static final TestRedis REDIS = TestRedis.start();
    private static final Executor THREADS = task -> new Thread(task).start();
    private static final long LONGEST_WAIT_SECONDS = 20;

    private static volatile CountDownLatch entered = new CountDownLatch(1);
    private static volatile CountDownLatch mayGoOn = new CountDownLatch(1);
    private static volatile boolean broken;

    @AfterAll
    static void stop() {
        REDIS.close();
    }

    @BeforeEach
    void empty() {
        REDIS.flush();
        entered = new CountDownLatch(1);
        mayGoOn = new CountDownLatch(1);
        broken = false;
    }

    /** Lets the test know that the request has got here, and waits until the test lets it go on. */
    private static void pause() {
        entered.countDown();
        await(mayGoOn);
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(LONGEST_WAIT_SECONDS, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Another client with the same cookie. */
    private static Browser same(Browser browser) {
        return new Browser().withCookie("sid", browser.token());
    }

    private static <T> CompletableFuture<T> start(Supplier<T> request) {
        return CompletableFuture.supplyAsync(request, THREADS);
    }

    private static void print(HttpServletResponse response, Object text) throws IOException {
        response.getWriter().print(text);
    }

    private static HttpSession session(HttpServletRequest request) {
        return request.getSession();
    }

    private static String describe(HttpSession session) {
        StringJoiner all = new StringJoiner(" ");
        for (String name : new TreeSet<>(Collections.list(session.getAttributeNames()))) {
            all.add(name + "=" + session.getAttribute(name));
        }
        return all.toString();
    }

    private App.Builder app() {
        return App.with(REDIS.url())
                .on("/make", (request, response) -> session(request).setAttribute("cart", new Holder("empty")))
                .on("/show", (request, response) -> {
                    HttpSession session = request.getSession(false);
                    print(response, session == null ? "none" : describe(session));
                })
                .on("/login", (request, response) -> {
                    Holder cart = (Holder) session(request).getAttribute("cart");
                    request.changeSessionId();
                    session(request).setAttribute(Session.USER_ATTRIBUTE, "alice");
                    session(request).setAttribute("secret", "of alice");
                    cart.text = "alice's";
                });
    }

    /** A value that is changed in place. */
    static final class Holder implements Serializable {
        private static final long serialVersionUID = 1L;

        String text;

        Holder(String text) {
            this.text = text;
        }

        @Override
        public String toString() {
            return text;
        }
    }

    // ---- identity

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void aRequestFromBeforeALoginSeesWritesAnnouncesAndEndsNothingAfterIt(int nodes) {
        try (App app = with(app()).start();
                App second = nodes == 1 ? null : with(app()).start()) {
            App other = second == null ? app : second;
            Browser planted = new Browser();
            planted.get(app.url("/make"));
            for (String what : List.of("/slow?do=look", "/slow?do=write", "/slow?do=end", "/slow?do=replace")) {
                entered = new CountDownLatch(1);
                mayGoOn = new CountDownLatch(1);
                Browser attacker = same(planted);
                CompletableFuture<Browser.Answer> slow = start(() -> attacker.get(other.url(what)));
                await(entered);
                Browser victim = same(planted);
                assertThat(victim.get(app.url("/login")).setCookies()).hasSize(1);
                mayGoOn.countDown();
                Browser.Answer answer = slow.join();
                assertThat(answer.status()).as(what).isEqualTo(200);
                assertThat(answer.setCookies()).as(what).isEmpty();
                assertThat(answer.body()).as(what).isEqualTo("cart=empty");
                assertThat(victim.get(app.url("/show")).body())
                        .as(what)
                        .isEqualTo("cart=alice's io.gatehouse.user=alice secret=of alice");
                assertThat(attacker.get(app.url("/show")).body()).as(what).isEqualTo("none");
                planted = new Browser();
                planted.get(app.url("/make"));
            }
            assertThat(other.gatehouse().sessions().counters().of(SessionEvent.REQUEST_CUT_OFF))
                    .isPositive();
        }
    }

    private static App.Builder with(App.Builder builder) {
        return builder.on("/slow", (request, response) -> {
            HttpSession session = session(request);
            pause();
            print(response, describe(session));
            switch (request.getParameter("do")) {
                case "write" -> session.setAttribute("planted", true);
                case "end" -> session.invalidate();
                case "replace" -> {
                    session.invalidate();
                    request.getSession().setAttribute("planted", true);
                }
                default -> {}
            }
        });
    }

    @Test
    void pollingNeverGetsTheCookieOfALogin() {
        try (App app = app().start()) {
            for (int trial = 0; trial < 30; trial++) {
                Browser planted = new Browser();
                planted.get(app.url("/make"));
                CountDownLatch polling = new CountDownLatch(4);
                List<CompletableFuture<Integer>> polls = new ArrayList<>();
                for (int client = 0; client < 4; client++) {
                    polls.add(start(() -> {
                        int stolen = 0;
                        for (int i = 0; i < 20; i++) {
                            Browser.Answer answer = same(planted).get(app.url("/show"));
                            boolean got = answer.setCookies().stream().anyMatch(line -> !line.contains("Max-Age=0"));
                            stolen += got || answer.body().contains("alice") ? 1 : 0;
                            polling.countDown();
                        }
                        return stolen;
                    }));
                }
                await(polling);
                assertThat(same(planted).get(app.url("/login")).setCookies()).hasSize(1);
                assertThat(polls.stream().mapToInt(CompletableFuture::join).sum()).isZero();
            }
        }
    }

    @Test
    void ofTwoLoginsInOneSessionOneCountsAndTheOtherIsCutOff() {
        App.Builder builder = App.with(REDIS.url())
                .on("/make", (request, response) -> session(request))
                .on("/login", (request, response) -> {
                    String user = request.getParameter("user");
                    request.changeSessionId();
                    if (user.equals("slow")) {
                        pause();
                    }
                    session(request).setAttribute(Session.USER_ATTRIBUTE, user);
                })
                .on("/who", (request, response) -> print(
                        response,
                        request.getSession(false) == null
                                ? "none"
                                : session(request).getAttribute(Session.USER_ATTRIBUTE)));
        try (App one = builder.start();
                App two = builder.start()) {
            for (App quickNode : List.of(one, two)) {
                entered = new CountDownLatch(1);
                mayGoOn = new CountDownLatch(1);
                Browser planted = new Browser();
                planted.get(one.url("/make"));
                Browser slow = same(planted);
                CompletableFuture<Browser.Answer> slowLogin = start(() -> slow.get(one.url("/login?user=slow")));
                await(entered);
                Browser quick = same(planted);
                assertThat(quick.get(quickNode.url("/login?user=quick")).setCookies())
                        .hasSize(1);
                mayGoOn.countDown();
                assertThat(slowLogin.join().setCookies()).isEmpty();
                assertThat(quick.get(one.url("/who")).body()).isEqualTo("quick");
                assertThat(quick.get(two.url("/who")).body()).isEqualTo("quick");
                assertThat(slow.get(one.url("/who")).body()).isEqualTo("none");
            }
        }
    }

    @Test
    void anotherUserChangesTheIdByItself() {
        List<String> changes = Collections.synchronizedList(new ArrayList<>());
        try (App app = App.with(REDIS.url())
                .on("/make", (request, response) -> session(request))
                .on("/login", (request, response) ->
                        session(request).setAttribute(Session.USER_ATTRIBUTE, request.getParameter("user")))
                .on("/late", (request, response) -> {
                    response.flushBuffer();
                    try {
                        session(request).setAttribute(Session.USER_ATTRIBUTE, "late");
                    } catch (IllegalStateException e) {
                        print(response, "refused");
                    }
                })
                .on("/thread", (request, response) -> {
                    HttpSession session = session(request);
                    start(() -> {
                                session.setAttribute(Session.USER_ATTRIBUTE, "threaded");
                                return 0;
                            })
                            .join();
                })
                .on("/who", (request, response) -> print(
                        response,
                        request.getSession(false) == null
                                ? "none"
                                : session(request).getAttribute(Session.USER_ATTRIBUTE)))
                .customize(context -> context.addServletContainerInitializer(
                        (classes, application) -> application.addListener(
                                (HttpSessionIdListener) (event, before) -> changes.add(before)),
                        Set.of()))
                .start()) {
            Browser browser = new Browser();
            browser.get(app.url("/make"));
            Browser planter = same(browser);
            assertThat(browser.get(app.url("/login?user=alice")).setCookies()).hasSize(1);
            assertThat(planter.get(app.url("/who")).body()).isEqualTo("none");
            assertThat(changes).hasSize(1);
            assertThat(browser.get(app.url("/login?user=alice")).setCookies()).isEmpty();
            assertThat(browser.get(app.url("/late")).body()).isEqualTo("refused");
            assertThat(browser.get(app.url("/who")).body()).isEqualTo("alice");
            assertThat(browser.get(app.url("/thread")).setCookies()).hasSize(1);
            assertThat(browser.get(app.url("/who")).body()).isEqualTo("threaded");
            assertThat(changes).hasSize(2);
        }
    }

    @Test
    void theIdOfTheSessionIsValidForTheWholeRequestWhateverOtherRequestsDo() {
        try (App app = app().on("/valid", (request, response) -> {
                    session(request);
                    pause();
                    print(response, request.isRequestedSessionIdValid());
                    if (request.getParameter("change") != null) {
                        request.changeSessionId();
                        print(response, request.isRequestedSessionIdValid());
                    }
                })
                .start()) {
            Browser browser = new Browser();
            browser.get(app.url("/make"));
            Browser other = same(browser);
            CompletableFuture<Browser.Answer> slow = start(() -> other.get(app.url("/valid?change=1")));
            await(entered);
            browser.get(app.url("/login"));
            mayGoOn.countDown();
            assertThat(slow.join().body()).isEqualTo("truetrue");
        }
    }

    @Test
    void theIdIsOneStringWhileTheSessionIsInUse() {
        Map<String, String> weak = new WeakHashMap<>();
        try (App app = App.with(REDIS.url())
                .on("/put", (request, response) -> weak.put(session(request).getId(), "here"))
                .on("/get", (request, response) -> print(response, weak.get(session(request).getId())))
                .start()) {
            Browser browser = new Browser();
            browser.get(app.url("/put"));
            System.gc(); // NOPMD: this is what the weak map must survive
            assertThat(browser.get(app.url("/get")).body()).isEqualTo("here");
        }
    }

    // ---- one live object

    @Test
    void updatesUnderALockOnTheSessionAreNeverLostOnOneNode() {
        AtomicInteger granted = new AtomicInteger();
        try (App app = App.with(REDIS.url())
                .on("/make", (request, response) -> session(request).setAttribute("token", "once"))
                .on("/add", (request, response) -> {
                    HttpSession session = session(request);
                    synchronized (session) {
                        Integer n = (Integer) session.getAttribute("n");
                        session.setAttribute("n", n == null ? 1 : n + 1);
                    }
                })
                .on("/buy", (request, response) -> {
                    HttpSession session = session(request);
                    synchronized (session) {
                        if (session.getAttribute("token") != null) {
                            session.removeAttribute("token");
                            granted.incrementAndGet();
                        }
                    }
                })
                .on("/n", (request, response) -> print(response, session(request).getAttribute("n")))
                .start()) {
            Browser browser = new Browser();
            browser.get(app.url("/make"));
            together(4, client -> {
                for (int i = 0; i < 250; i++) {
                    same(browser).get(app.url("/add"));
                }
            });
            assertThat(browser.get(app.url("/n")).body()).isEqualTo("1000");
            for (int round = 0; round < 100; round++) {
                browser.get(app.url("/make"));
                together(2, client -> same(browser).get(app.url("/buy")));
            }
            assertThat(granted).hasValue(100);
        }
    }

    @Test
    void whatParallelRequestsPutIntoASharedListIsAllThere() {
        try (App app = App.with(REDIS.url())
                .on("/make", (request, response) -> session(request).setAttribute("list", new Vector<String>()))
                .on("/add", (request, response) -> {
                    @SuppressWarnings("unchecked")
                    List<String> list = (List<String>) session(request).getAttribute("list");
                    list.add(request.getQueryString());
                })
                .on("/size", (request, response) ->
                        print(response, ((List<?>) session(request).getAttribute("list")).size()))
                .start()) {
            Browser browser = new Browser();
            browser.get(app.url("/make"));
            together(4, client -> {
                for (int i = 0; i < 100; i++) {
                    same(browser).get(app.url("/add?" + client + "-" + i));
                }
            });
            assertThat(browser.get(app.url("/size")).body()).isEqualTo("400");
        }
    }

    private static void together(int clients, IntConsumer work) {
        List<CompletableFuture<Integer>> all = new ArrayList<>();
        CyclicBarrier barrier = new CyclicBarrier(clients);
        for (int client = 0; client < clients; client++) {
            int number = client;
            all.add(start(() -> {
                try {
                    barrier.await(LONGEST_WAIT_SECONDS, TimeUnit.SECONDS);
                } catch (InterruptedException | BrokenBarrierException | TimeoutException e) {
                    throw new IllegalStateException(e);
                }
                work.accept(number);
                return number;
            }));
        }
        all.forEach(CompletableFuture::join);
    }

    // ---- nobody else's code under our locks

    @ParameterizedTest
    @ValueSource(strings = {"vector", "map", "buffer", "own"})
    void aValueThatIsLockedByTheRequestThatCallsUsDoesNotDeadlock(String kind) {
        try (App app = App.with(REDIS.url())
                .on("/make", (request, response) -> {
                    Object value = switch (kind) {
                        case "vector" -> new Vector<>();
                        case "map" -> Collections.synchronizedMap(new HashMap<>());
                        case "buffer" -> new StringBuffer();
                        default -> new Locking();
                    };
                    session(request).setAttribute("value", value);
                })
                .on("/look", (request, response) -> describe(session(request)))
                .on("/hold", (request, response) -> {
                    HttpSession session = session(request);
                    Object value = session.getAttribute("value");
                    synchronized (kind.equals("own") ? LOCK : value) {
                        session.setAttribute("value", value);
                        session.getId();
                        response.flushBuffer();
                    }
                })
                .start()) {
            Browser browser = new Browser();
            browser.get(app.url("/make"));
            together(4, client -> {
                for (int i = 0; i < 100; i++) {
                    assertThat(same(browser).get(app.url(client % 2 == 0 ? "/look" : "/hold")).status())
                            .isEqualTo(200);
                }
            });
        }
    }

    private static final Object LOCK = new Object();

    static final class Locking implements Serializable {
        private static final long serialVersionUID = 1L;

        private void writeObject(ObjectOutputStream out) throws IOException {
            synchronized (LOCK) {
                out.defaultWriteObject();
            }
        }

        private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
            synchronized (LOCK) {
                in.defaultReadObject();
            }
        }
    }

    @Test
    void aSessionWhoseValueHangsHoldsUpNoOtherSession() {
        try (App app = App.with(REDIS.url())
                .on("/make", (request, response) -> session(request).setAttribute("value", new Hanging()))
                .on("/look", (request, response) -> print(response, session(request).getAttribute("value") != null))
                .start()) {
            List<Browser> browsers = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                Browser browser = new Browser();
                browser.get(app.url("/make"));
                browsers.add(browser);
            }
            broken = true;
            CompletableFuture<Browser.Answer> hanging = start(() -> browsers.get(0).get(app.url("/look")));
            await(entered);
            broken = false;
            browsers.stream()
                    .skip(1)
                    .forEach(browser -> assertThat(browser.get(app.url("/look")).body()).isEqualTo("true"));
            mayGoOn.countDown();
            assertThat(hanging.join().body()).isEqualTo("true");
        }
    }

    static final class Hanging implements Serializable {
        private static final long serialVersionUID = 1L;

        private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
            in.defaultReadObject();
            if (broken) {
                pause();
            }
        }
    }

    // ---- whatever is thrown

    static final class Fragile implements Serializable {
        private static final long serialVersionUID = 1L;

        private void writeObject(ObjectOutputStream out) throws IOException {
            if (broken) {
                throw new StackOverflowError("as of a value that is too deep");
            }
            out.defaultWriteObject();
        }

        private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
            if (broken) {
                throw new InvalidClassException("as after a deployment");
            }
            in.defaultReadObject();
        }
    }

    /** Tomcat answers 500, or closes the connection if the JVM is in trouble. */
    private static boolean fails(Browser browser, String url) {
        try {
            return browser.get(url).status() == 500;
        } catch (UncheckedIOException e) {
            return true;
        }
    }

    private static void fail(String how) {
        switch (how) {
            case "exception" -> throw new IllegalStateException("as of a listener");
            case "stack" -> throw new StackOverflowError("as of a listener");
            default -> throw new OutOfMemoryError("as of a listener");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"exception", "stack", "memory"})
    void whateverIsThrownTheSessionIsLetGoAndTheNextRequestWorks(String how) {
        HttpSessionIdListener listener = (event, before) -> {
            if (broken) {
                fail(how);
            }
        };
        try (App app = App.with(REDIS.url())
                .set("GATEHOUSE_SESSION_ROTATION_INTERVAL", "1ms")
                .on("/make", (request, response) -> session(request).setAttribute("value", new Fragile()))
                .on("/look", (request, response) -> print(response, session(request).getAttribute("value") != null))
                .customize(context -> context.addServletContainerInitializer(
                        (classes, application) -> application.addListener(listener), Set.of()))
                .start()) {
            Browser browser = new Browser();
            browser.get(app.url("/make"));
            broken = true;
            assertThat(fails(browser, app.url("/look"))).isTrue();
            Eventually.holds("the session is let go", Duration.ofSeconds(10), () -> app.gatehouse().sessions().inUse() == 0);
            broken = false;
            assertThat(browser.get(app.url("/look")).body()).isEqualTo("true");
        }
    }

    @Test
    void anAttributeThatCannotBeReadIsNeitherListedNorReturned() {
        try (App app = App.with(REDIS.url())
                .on("/make", (request, response) -> {
                    session(request).setAttribute("a", new Fragile());
                    session(request).setAttribute("b", "text");
                })
                .on("/all", (request, response) -> print(response, describe(session(request))))
                .start()) {
            Browser browser = new Browser();
            browser.get(app.url("/make"));
            broken = true;
            assertThat(browser.get(app.url("/all")).body()).isEqualTo("b=text");
            broken = false;
            assertThat(browser.get(app.url("/all")).body()).startsWith("a=").endsWith("b=text");
        }
    }

    // ---- lifetimes

    @Test
    void aRequestThatTakesLongerThanTheIdleTimeoutDoesNotEndItsSession() {
        App.Builder builder = App.with(REDIS.url())
                .set("GATEHOUSE_SESSION_CLEANUP_INTERVAL", "1s")
                .on("/login", (request, response) -> session(request).setMaxInactiveInterval(1))
                .on("/report", (request, response) -> {
                    HttpSession session = session(request);
                    pause();
                    session.setAttribute("report", "done");
                })
                .on("/result", (request, response) -> {
                    HttpSession session = request.getSession(false);
                    print(response, session == null ? "logged out" : session.getAttribute("report"));
                });
        try (App app = builder.start();
                App other = builder.start()) {
            Browser browser = new Browser();
            browser.get(app.url("/login"));
            CompletableFuture<Browser.Answer> report = start(() -> same(browser).get(app.url("/report")));
            await(entered);
            long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(2500); // idle timeouts are whole seconds of Redis' clock
            while (System.nanoTime() < until) {
                other.gatehouse().sessionManager().cleanupExpiredSessions();
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
            }
            mayGoOn.countDown();
            report.join();
            assertThat(browser.get(other.url("/result")).body()).isEqualTo("done");
        }
    }
}
