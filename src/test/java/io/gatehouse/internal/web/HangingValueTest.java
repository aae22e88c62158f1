package io.gatehouse.internal.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.testing.App;
import io.gatehouse.testing.Browser;
import io.gatehouse.testing.Overlap;
import io.gatehouse.testing.RedisTest;
import io.gatehouse.testing.TestRedis;
import jakarta.servlet.http.HttpSession;
import jakarta.servlet.http.HttpSessionActivationListener;
import jakarta.servlet.http.HttpSessionBindingEvent;
import jakarta.servlet.http.HttpSessionBindingListener;
import jakarta.servlet.http.HttpSessionEvent;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A value of the application that hangs while it is read or notified. */
@RedisTest
class HangingValueTest {
    private static final TestRedis REDIS = TestRedis.shared();

    /** When a {@link Hanging} value hangs; empty for never. */
    private static volatile String hanging = "";

    @BeforeEach
    void empty() {
        Overlap.reset();
        hanging = "";
    }

    @ParameterizedTest
    @ValueSource(strings = {"reading", "activation", "passivation", "binding", "unbinding"})
    void aHangingValueDoesNotBlockOtherSessions(String during) {
        try (App app = App.with(REDIS.url())
                .on("/make", (request, response) -> request.getSession().setAttribute("value", new Hanging()))
                .on("/show", (request, response) -> {
                    HttpSession session = request.getSession();
                    response.getWriter().print(session.getAttribute("value") != null);
                    session.setAttribute("value", new Hanging());
                })
                .start()) {
            List<Browser> browsers = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                Browser browser = new Browser();
                browser.get(app.url("/make"));
                browsers.add(browser);
            }
            hanging = during;
            CompletableFuture<Browser.Answer> answer =
                    Overlap.start(() -> browsers.get(0).get(app.url("/show")));
            Overlap.awaitPause();
            hanging = "";
            browsers.stream()
                    .skip(1)
                    .forEach(browser ->
                            assertThat(browser.get(app.url("/show")).body()).isEqualTo("true"));
            Overlap.resume();
            assertThat(answer.join().body()).isEqualTo("true");
        }
    }

    static final class Hanging implements Serializable, HttpSessionActivationListener, HttpSessionBindingListener {
        private static final long serialVersionUID = 1L;

        private static void during(String now) {
            if (now.equals(hanging)) {
                Overlap.pause();
            }
        }

        private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
            in.defaultReadObject();
            during("reading");
        }

        @Override
        public void sessionWillPassivate(HttpSessionEvent event) {
            during("passivation");
        }

        @Override
        public void sessionDidActivate(HttpSessionEvent event) {
            during("activation");
        }

        @Override
        public void valueBound(HttpSessionBindingEvent event) {
            during("binding");
        }

        @Override
        public void valueUnbound(HttpSessionBindingEvent event) {
            during("unbinding");
        }
    }
}
