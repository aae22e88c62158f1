package io.gatehouse.internal.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.internal.session.Session;
import io.gatehouse.session.SessionInfo;
import io.gatehouse.testing.App;
import io.gatehouse.testing.Browser;
import io.gatehouse.testing.Eventually;
import io.gatehouse.testing.LogCapture;
import io.gatehouse.testing.Overlap;
import io.gatehouse.testing.RedisTest;
import io.gatehouse.testing.TestRedis;
import jakarta.servlet.http.HttpSessionEvent;
import jakarta.servlet.http.HttpSessionListener;
import java.io.IOException;
import java.io.InvalidClassException;
import java.io.ObjectInputStream;
import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EventListener;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Notification of listeners when sessions end without a request: once, on one node, with the reason. */
@RedisTest
class EndListenerTest {
    private static final TestRedis REDIS = TestRedis.shared();
    private static final Duration SOON = Duration.ofSeconds(10);

    private final RecordingListener recordingListener = new RecordingListener();

    @BeforeEach
    void empty() {
        RecordingListener.OF_VALUES.take();
    }

    private static App node(EventListener... listeners) {
        return App.with(REDIS.url())
                .set("GATEHOUSE_SESSION_CLEANUP_INTERVAL", "1h") // the test cleans up itself
                .on("/short", (request, response) -> {
                    request.getSession().setAttribute("a", new RecordingListener.Value(request.getParameter("what")));
                    request.getSession().setMaxInactiveInterval(1);
                    if (request.getParameter("broken") != null) {
                        request.getSession().setAttribute("broken", new Unreadable());
                    }
                })
                .on("/login", (request, response) -> {
                    request.getSession().setAttribute("a", "x");
                    request.getSession().setAttribute(Session.USER_ATTRIBUTE, "alice");
                })
                .customize(RecordingListener.listening(listeners))
                .start();
    }

    private App node() {
        return node(
                recordingListener.sessions("1st"),
                recordingListener.sessions("2nd"),
                recordingListener.attributes("1st"));
    }

    private static int cleanUp(App app) {
        return app.gatehouse().sessionManager().cleanupExpiredSessions();
    }

    private static boolean isEmpty() {
        return REDIS.keys().stream().noneMatch(key -> key.contains(":s:"));
    }

    @Test
    void notifiesListenersOfAnExpiredSessionWithItsAttributes() {
        try (App app = node()) {
            new Browser().get(app.url("/short?what=x"));
            recordingListener.take();
            RecordingListener.OF_VALUES.take();
            Eventually.holds("the expired sessions are removed", SOON, () -> cleanUp(app) == 1);
            assertThat(recordingListener.take())
                    .containsExactly(
                            "2nd destroyed, a is x, expired", "1st destroyed, a is x, expired", "1st removed a=x");
            assertThat(RecordingListener.OF_VALUES.take())
                    .containsExactly("x activated in a Gatehouse session", "x unbound while there is null");
            assertThat(isEmpty()).isTrue();
        }
    }

    /** A value that no node can read, such as one of a class that a deployment has changed. */
    private static final class Unreadable implements Serializable {
        private static final long serialVersionUID = 1L;

        private void readObject(ObjectInputStream in) throws IOException {
            throw new InvalidClassException("simulates a class changed by a deployment");
        }
    }

    @Test
    void listenersOfAnExpiredSessionNeitherSeeNorListAnUnreadableAttribute() {
        HttpSessionListener describing = new HttpSessionListener() {
            @Override
            public void sessionDestroyed(HttpSessionEvent event) {
                recordingListener.note(
                        event.getSession().getAttribute("broken") + ", " + Overlap.describe(event.getSession()));
            }
        };
        try (App app = node(describing, recordingListener.attributes("1st"))) {
            new Browser().get(app.url("/short?what=x&broken=yes"));
            recordingListener.take();
            Eventually.holds("the expired sessions are removed", SOON, () -> cleanUp(app) == 1);
            assertThat(recordingListener.take()).containsExactly("null, a=x", "1st removed a=x");
            assertThat(isEmpty()).isTrue();
        }
    }

    @Test
    void concurrentCleanUpOnTwoNodesNotifiesOnce() {
        try (App one = node();
                App two = node()) {
            int sessions = 40;
            for (int i = 0; i < sessions; i++) {
                new Browser().get((i % 2 == 0 ? one : two).url("/short?what=" + i));
            }
            recordingListener.take();
            Eventually.holds("the expired sessions are removed", SOON, () -> {
                CompletableFuture<Integer> other = CompletableFuture.supplyAsync(() -> cleanUp(two));
                cleanUp(one);
                other.join();
                return isEmpty();
            });
            List<String> expected = new ArrayList<>();
            for (int i = 0; i < sessions; i++) {
                expected.add("1st destroyed, a is " + i + ", expired");
                expected.add("2nd destroyed, a is " + i + ", expired");
                expected.add("1st removed a=" + i);
            }
            assertThat(recordingListener.take()).containsExactlyInAnyOrderElementsOf(expected);
        }
    }

    @Test
    void theNextNodeNotifiesOfSessionsThatExpiredWhileAllNodesWereDown() {
        try (App one = node();
                App two = node()) {
            new Browser().get(one.url("/short?what=x"));
            new Browser().get(two.url("/short?what=y"));
        }
        recordingListener.take();
        try (App later = node()) {
            Eventually.holds("the expired sessions are removed", SOON, () -> cleanUp(later) > 0 && isEmpty());
            assertThat(recordingListener.take())
                    .filteredOn(line -> line.startsWith("1st destroyed"))
                    .containsExactlyInAnyOrder("1st destroyed, a is x, expired", "1st destroyed, a is y, expired");
        }
    }

    @Test
    void stoppingAnApplicationEndsNoSession() {
        try (App app = node()) {
            new Browser().get(app.url("/login"));
            recordingListener.take();
        }
        assertThat(recordingListener.take()).isEmpty();
    }

    @Test
    void notifiesOnTheNodeWhereAnAdministratorEndsTheSession() {
        RecordingListener other = new RecordingListener();
        try (App one = node();
                App two = node(other.sessions("1st"))) {
            new Browser().get(two.url("/login"));
            recordingListener.take();
            other.take();
            SessionInfo found =
                    one.gatehouse().sessionManager().getUserSessions("alice").get(0);
            assertThat(one.gatehouse()
                            .sessionManager()
                            .terminate(found.handle())
                            .ended())
                    .isEqualTo(1);
            assertThat(recordingListener.take())
                    .startsWith("2nd destroyed, a is x, admin", "1st destroyed, a is x, admin")
                    .contains("1st removed a=x");
            assertThat(other.take()).isEmpty();
        }
    }

    @Test
    void logsExceptionsOfListenersAndContinues() {
        HttpSessionListener broken = new HttpSessionListener() {
            @Override
            public void sessionDestroyed(HttpSessionEvent event) {
                throw new NoClassDefFoundError("on purpose");
            }
        };
        try (App app = node(recordingListener.sessions("1st"), broken);
                LogCapture log = new LogCapture("io.gatehouse.internal.session")) {
            for (int i = 0; i < 3; i++) {
                new Browser().get(app.url("/short?what=" + i));
            }
            recordingListener.take();
            Eventually.holds("the expired sessions are removed", SOON, () -> cleanUp(app) > 0 && isEmpty());
            assertThat(recordingListener.take()).hasSize(3).allMatch(line -> line.endsWith("expired"));
            assertThat(log.lines())
                    .filteredOn(line -> line.contains("A listener of the end of"))
                    .hasSize(3);
            assertThat(RecordingListener.OF_VALUES.take())
                    .filteredOn(line -> line.contains("unbound"))
                    .hasSize(3);
        }
    }
}
