package io.gatehouse.internal.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.internal.web.RecordingListener.Value;
import io.gatehouse.testing.App;
import io.gatehouse.testing.Browser;
import io.gatehouse.testing.RedisTest;
import io.gatehouse.testing.TestRedis;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import jakarta.servlet.http.HttpSessionEvent;
import jakarta.servlet.http.HttpSessionListener;
import java.io.Serializable;
import java.util.EventListener;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Notification of session listeners and of attribute values during requests. */
@RedisTest
class ListenerTest {
    private static final TestRedis REDIS = TestRedis.shared();

    private final RecordingListener recordingListener = new RecordingListener();
    private final Browser browser = new Browser();
    private App app = shop(
            recordingListener.attributes("1st"),
            recordingListener.sessions("1st"),
            recordingListener.sessions("2nd"),
            recordingListener.ids("1st"));

    private static App shop(EventListener... listeners) {
        return App.with(REDIS.url())
                .on("/make", (request, response) -> request.getSession())
                .on("/set", (request, response) -> request.getSession().setAttribute("a", value(request)))
                .on("/set-again", (request, response) -> {
                    HttpSession session = request.getSession();
                    session.setAttribute("a", session.getAttribute("a"));
                })
                .on(
                        "/get",
                        (request, response) ->
                                response.getWriter().print(request.getSession().getAttribute("a")))
                .on("/remove", (request, response) -> request.getSession().removeAttribute("a"))
                .on("/set-null", (request, response) -> request.getSession().setAttribute("a", null))
                .on("/change-id", (request, response) -> request.changeSessionId())
                .on("/logout", (request, response) -> request.getSession().invalidate())
                .on("/flush-and-get", (request, response) -> {
                    Object before = request.getSession().getAttribute("a");
                    response.flushBuffer();
                    response.getWriter().print(before == request.getSession().getAttribute("a"));
                })
                .on("/ghost", (request, response) -> {
                    HttpSession session = request.getSession();
                    String id = session.getId();
                    session.invalidate();
                    session.setMaxInactiveInterval(60);
                    response.getWriter()
                            .print(session.getId().equals(id) + " " + session.getMaxInactiveInterval() + " "
                                    + (session.getServletContext() == request.getServletContext()));
                })
                .on("/dead", (request, response) -> {
                    HttpSession session = request.getSession();
                    session.invalidate();
                    response.getWriter()
                            .print(throwsIllegalState(session::getCreationTime)
                                    && throwsIllegalState(session::getLastAccessedTime)
                                    && throwsIllegalState(session::isNew)
                                    && throwsIllegalState(session::getAttributeNames)
                                    && throwsIllegalState(() -> session.getAttribute("a"))
                                    && throwsIllegalState(() -> session.setAttribute("a", "b"))
                                    && throwsIllegalState(() -> session.removeAttribute("a"))
                                    && throwsIllegalState(session::invalidate));
                })
                .customize(RecordingListener.listening(listeners))
                .start();
    }

    private static Serializable value(HttpServletRequest request) {
        String text = request.getParameter("what");
        return text.startsWith("!") ? new Value(text.substring(1)) : text;
    }

    private static boolean throwsIllegalState(Runnable what) {
        try {
            what.run();
            return false;
        } catch (IllegalStateException e) {
            return true;
        }
    }

    @BeforeEach
    void clear() {
        RecordingListener.OF_VALUES.take();
    }

    @AfterEach
    void stopApplication() {
        app.close();
    }

    private String get(String path) {
        return browser.get(app.url(path)).body();
    }

    private void restart(EventListener... listeners) {
        app.close();
        app = shop(listeners);
    }

    @Test
    void notifiesOfANewSessionInOrderAndOfItsEndInReverse() {
        get("/set?what=x");
        assertThat(recordingListener.take()).containsExactly("1st created", "2nd created", "1st added a=x");
        get("/get");
        assertThat(recordingListener.take()).isEmpty();
        get("/logout");
        assertThat(recordingListener.take())
                .containsExactly("2nd destroyed, a is x, logout", "1st destroyed, a is x, logout", "1st removed a=x");
    }

    @Test
    void notifiesOfReplacedAndRemovedAttributes() {
        get("/set?what=x");
        recordingListener.take();
        get("/set?what=y");
        assertThat(recordingListener.take()).containsExactly("1st replaced a=x");
        get("/remove");
        assertThat(recordingListener.take()).containsExactly("1st removed a=y");
        get("/remove");
        assertThat(recordingListener.take()).isEmpty();
        get("/set?what=z");
        get("/set-null");
        assertThat(recordingListener.take()).containsExactly("1st added a=z", "1st removed a=z");
    }

    @Test
    void notifiesOfANewIdWhileAttributesStayReadable() {
        get("/set?what=!x");
        recordingListener.take();
        RecordingListener.OF_VALUES.take();
        get("/change-id");
        assertThat(recordingListener.take()).containsExactly("1st id changed true, a is x");
        assertThat(RecordingListener.OF_VALUES.take()).noneMatch(line -> line.contains("bound"));
    }

    @Test
    void bindsAValueBeforeItIsVisibleAndUnbindsItAfterItsRemoval() {
        get("/set?what=!x");
        assertThat(RecordingListener.OF_VALUES.take())
                .containsExactly("x bound while there is null", "x passivating in a Gatehouse session");
        get("/set?what=!y");
        assertThat(RecordingListener.OF_VALUES.take())
                .containsExactly(
                        "x activated in a Gatehouse session",
                        "y bound while there is x",
                        "x unbound while there is y",
                        "y passivating in a Gatehouse session");
        get("/remove");
        assertThat(RecordingListener.OF_VALUES.take())
                .containsExactly("y activated in a Gatehouse session", "y unbound while there is null");
    }

    @Test
    void settingTheSameValueNeitherBindsNorUnbinds() {
        get("/set?what=!x");
        recordingListener.take();
        RecordingListener.OF_VALUES.take();
        get("/set-again");
        assertThat(RecordingListener.OF_VALUES.take()).noneMatch(line -> line.contains("bound"));
        assertThat(recordingListener.take()).containsExactly("1st replaced a=x"); // as in Tomcat
    }

    @Test
    void aValueIsUnboundWhenTheSessionEnds() {
        get("/set?what=!x");
        RecordingListener.OF_VALUES.take();
        get("/logout");
        assertThat(RecordingListener.OF_VALUES.take())
                .containsExactly("x activated in a Gatehouse session", "x unbound while there is null");
        assertThat(recordingListener.take()).endsWith("1st removed a=x");
    }

    @Test
    void activatesAValueAgainThatIsUsedAfterASave() {
        get("/set?what=!x");
        RecordingListener.OF_VALUES.take();
        assertThat(get("/flush-and-get")).isEqualTo("true");
        assertThat(RecordingListener.OF_VALUES.take())
                .containsExactly(
                        "x activated in a Gatehouse session",
                        "x passivating in a Gatehouse session",
                        "x activated in a Gatehouse session",
                        "x passivating in a Gatehouse session");
    }

    @Test
    void aListenerCannotEndASessionThatIsEnding() {
        restart(new HttpSessionListener() {
            @Override
            public void sessionDestroyed(HttpSessionEvent event) {
                recordingListener.note(
                        "refused " + throwsIllegalState(() -> event.getSession().invalidate()));
            }
        });
        get("/make");
        assertThat(browser.get(app.url("/logout")).status()).isEqualTo(200);
        assertThat(recordingListener.take()).containsExactly("refused true");
    }

    @Test
    void anEndedSessionRejectsTheCallsThatTheSpecificationForbids() {
        get("/make");
        assertThat(get("/ghost")).isEqualTo("true 60 true");
        get("/make");
        assertThat(get("/dead")).isEqualTo("true");
    }

    @Test
    void anExceptionOfAListenerReachesTheRequestAndOtherListenersAreStillNotified() {
        restart(
                recordingListener.sessions("1st"),
                new HttpSessionListener() {
                    @Override
                    public void sessionDestroyed(HttpSessionEvent event) {
                        throw new IllegalArgumentException("on purpose");
                    }
                },
                recordingListener.attributes("1st"));
        get("/set?what=!x");
        recordingListener.take();
        RecordingListener.OF_VALUES.take();
        assertThat(browser.get(app.url("/logout")).status()).isEqualTo(500);
        assertThat(recordingListener.take()).containsExactly("1st destroyed, a is x, logout", "1st removed a=x");
        assertThat(RecordingListener.OF_VALUES.take()).contains("x unbound while there is null");
        assertThat(REDIS.keys()).noneMatch(key -> key.contains(":s:"));
        get("/set?what=y");
        assertThat(recordingListener.take()).containsExactly("1st created", "1st added a=y");
    }

    /** A listener in web.xml that adds another listener. */
    public static final class AddingListener implements ServletContextListener {
        static final RecordingListener DIARY = new RecordingListener();

        @Override
        public void contextInitialized(ServletContextEvent event) {
            event.getServletContext().addListener(DIARY.sessions("added"));
        }
    }

    @Test
    void notifiesAListenerThatAnotherListenerAdds() {
        try (App adding = App.with(REDIS.url())
                .on("/make", (request, response) -> request.getSession())
                .customize(context -> context.addApplicationListener(AddingListener.class.getName()))
                .start()) {
            new Browser().get(adding.url("/make"));
            assertThat(AddingListener.DIARY.take()).containsExactly("added created");
        }
    }

    @Test
    void aListenerMayChangeTheSession() {
        restart(new HttpSessionListener() {
            @Override
            public void sessionCreated(HttpSessionEvent event) {
                event.getSession().setAttribute("a", "from the start");
            }
        });
        get("/make");
        assertThat(get("/get")).isEqualTo("from the start");
    }
}
