package io.gatehouse.internal.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.internal.session.Session;
import io.gatehouse.internal.session.token.SessionEvent;
import io.gatehouse.testing.App;
import io.gatehouse.testing.Browser;
import io.gatehouse.testing.Overlap;
import io.gatehouse.testing.RedisTest;
import io.gatehouse.testing.TestRedis;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import jakarta.servlet.http.HttpSessionIdListener;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Concurrent requests of a session while one of them changes its id, on one node and on two. */
@RedisTest
class IdentityOverlapTest {
    private static final TestRedis REDIS = TestRedis.shared();

    @BeforeEach
    void empty() {
        Overlap.reset();
    }

    private static void print(HttpServletResponse response, Object text) throws IOException {
        response.getWriter().print(text);
    }

    private static HttpSession session(HttpServletRequest request) {
        return request.getSession();
    }

    private App.Builder app() {
        return App.with(REDIS.url())
                .on("/make", (request, response) -> session(request).setAttribute("cart", new Holder("empty")))
                .on("/show", (request, response) -> {
                    HttpSession session = request.getSession(false);
                    print(response, session == null ? "none" : Overlap.describe(session));
                })
                .on("/login", (request, response) -> {
                    Holder cart = (Holder) session(request).getAttribute("cart");
                    request.changeSessionId();
                    session(request).setAttribute(Session.USER_ATTRIBUTE, "alice");
                    session(request).setAttribute("secret", "of alice");
                    cart.text = "alice's";
                });
    }

    /** A value that is modified in place. */
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

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void aRequestFromBeforeALoginCannotReadWriteOrEndTheSessionAfterIt(int nodes) {
        try (App app = with(app()).start();
                App second = nodes == 1 ? null : with(app()).start()) {
            App other = second == null ? app : second;
            Browser planted = new Browser();
            planted.get(app.url("/make"));
            for (String what : List.of("/slow?do=look", "/slow?do=write", "/slow?do=end", "/slow?do=replace")) {
                Overlap.reset();
                Browser attacker = Overlap.same(planted);
                CompletableFuture<Browser.Answer> slow = Overlap.start(() -> attacker.get(other.url(what)));
                Overlap.awaitPause();
                Browser victim = Overlap.same(planted);
                assertThat(victim.get(app.url("/login")).setCookies()).hasSize(1);
                Overlap.resume();
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
            Overlap.pause();
            print(response, Overlap.describe(session));
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
    void aPollingRequestNeverGetsTheCookieOfALogin() {
        try (App app = app().start()) {
            for (int trial = 0; trial < 30; trial++) {
                Browser planted = new Browser();
                planted.get(app.url("/make"));
                CountDownLatch polling = new CountDownLatch(4);
                List<CompletableFuture<Integer>> polls = new ArrayList<>();
                for (int client = 0; client < 4; client++) {
                    polls.add(Overlap.start(() -> {
                        int stolen = 0;
                        for (int i = 0; i < 20; i++) {
                            Browser.Answer answer = Overlap.same(planted).get(app.url("/show"));
                            boolean got = answer.setCookies().stream().anyMatch(line -> !line.contains("Max-Age=0"));
                            // a poll may have taken the cart before the login, which then changes the same object
                            boolean saw = answer.body().contains("user=alice")
                                    || answer.body().contains("of alice");
                            stolen += got || saw ? 1 : 0;
                            polling.countDown();
                        }
                        return stolen;
                    }));
                }
                Overlap.await(polling);
                assertThat(Overlap.same(planted).get(app.url("/login")).setCookies())
                        .hasSize(1);
                assertThat(polls.stream().mapToInt(CompletableFuture::join).sum())
                        .isZero();
            }
        }
    }

    @Test
    void oneOfTwoConcurrentLoginsSucceedsAndTheOtherIsCutOff() {
        App.Builder builder = App.with(REDIS.url())
                .on("/make", (request, response) -> session(request))
                .on("/login", (request, response) -> {
                    String user = request.getParameter("user");
                    request.changeSessionId();
                    if (user.equals("slow")) {
                        Overlap.pause();
                    }
                    session(request).setAttribute(Session.USER_ATTRIBUTE, user);
                })
                .on(
                        "/who",
                        (request, response) -> print(
                                response,
                                request.getSession(false) == null
                                        ? "none"
                                        : session(request).getAttribute(Session.USER_ATTRIBUTE)));
        try (App one = builder.start();
                App two = builder.start()) {
            for (App quickNode : List.of(one, two)) {
                Overlap.reset();
                Browser planted = new Browser();
                planted.get(one.url("/make"));
                Browser slow = Overlap.same(planted);
                CompletableFuture<Browser.Answer> slowLogin =
                        Overlap.start(() -> slow.get(one.url("/login?user=slow")));
                Overlap.awaitPause();
                Browser quick = Overlap.same(planted);
                assertThat(quick.get(quickNode.url("/login?user=quick")).setCookies())
                        .hasSize(1);
                Overlap.resume();
                assertThat(slowLogin.join().setCookies()).isEmpty();
                assertThat(quick.get(one.url("/who")).body()).isEqualTo("quick");
                assertThat(quick.get(two.url("/who")).body()).isEqualTo("quick");
                assertThat(slow.get(one.url("/who")).body()).isEqualTo("none");
            }
        }
    }

    @Test
    void settingAnotherUserChangesTheId() {
        List<String> changes = Collections.synchronizedList(new ArrayList<>());
        try (App app = App.with(REDIS.url())
                .on("/make", (request, response) -> session(request))
                .on(
                        "/login",
                        (request, response) ->
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
                    Overlap.start(() -> {
                                session.setAttribute(Session.USER_ATTRIBUTE, "threaded");
                                return 0;
                            })
                            .join();
                })
                .on(
                        "/who",
                        (request, response) -> print(
                                response,
                                request.getSession(false) == null
                                        ? "none"
                                        : session(request).getAttribute(Session.USER_ATTRIBUTE)))
                .customize(context -> context.addServletContainerInitializer(
                        (classes, application) ->
                                application.addListener((HttpSessionIdListener) (event, before) -> changes.add(before)),
                        Set.of()))
                .start()) {
            Browser browser = new Browser();
            browser.get(app.url("/make"));
            Browser planter = Overlap.same(browser);
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
    void theIdStaysValidForTheWholeRequest() {
        try (App app = app().on("/valid", (request, response) -> {
                    session(request);
                    Overlap.pause();
                    print(response, request.isRequestedSessionIdValid());
                    if (request.getParameter("change") != null) {
                        request.changeSessionId();
                        print(response, request.isRequestedSessionIdValid());
                    }
                })
                .start()) {
            Browser browser = new Browser();
            browser.get(app.url("/make"));
            Browser other = Overlap.same(browser);
            CompletableFuture<Browser.Answer> slow = Overlap.start(() -> other.get(app.url("/valid?change=1")));
            Overlap.awaitPause();
            browser.get(app.url("/login"));
            Overlap.resume();
            assertThat(slow.join().body()).isEqualTo("truetrue");
        }
    }

    @Test
    void theIdIsTheSameStringObjectWhileTheSessionIsInUse() {
        Map<String, String> weak = new WeakHashMap<>();
        try (App app = App.with(REDIS.url())
                .on("/put", (request, response) -> weak.put(session(request).getId(), "here"))
                .on(
                        "/get",
                        (request, response) -> print(
                                response,
                                String.valueOf(weak.get(session(request).getId()))))
                .start()) {
            Browser browser = new Browser();
            browser.get(app.url("/put"));
            System.gc(); // NOPMD: this is what the weak map must survive
            assertThat(browser.get(app.url("/get")).body()).isEqualTo("here");
        }
    }
}
