package io.gatehouse.internal.web;

import jakarta.servlet.ServletContext;
import jakarta.servlet.http.HttpSession;
import jakarta.servlet.http.HttpSessionActivationListener;
import jakarta.servlet.http.HttpSessionAttributeListener;
import jakarta.servlet.http.HttpSessionBindingEvent;
import jakarta.servlet.http.HttpSessionBindingListener;
import jakarta.servlet.http.HttpSessionEvent;
import jakarta.servlet.http.HttpSessionIdListener;
import jakarta.servlet.http.HttpSessionListener;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.EventListener;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.apache.catalina.Context;

/** Records the events of session listeners and attribute values, in their order. */
final class RecordingListener {
    private final List<String> lines = new CopyOnWriteArrayList<>();

    void note(String line) {
        lines.add(line);
    }

    /** Returns the events since the last call. */
    List<String> take() {
        List<String> taken = new ArrayList<>(lines);
        lines.clear();
        return taken;
    }

    /** Registers listeners while the application starts. */
    static Consumer<Context> listening(EventListener... listeners) {
        return context -> context.addServletContainerInitializer(
                (classes, application) -> register(application, listeners), Set.of());
    }

    private static void register(ServletContext application, EventListener... listeners) {
        for (EventListener listener : listeners) {
            application.addListener(listener);
        }
    }

    /** A listener for sessions that records its name, and the attribute "a" if it can be read. */
    HttpSessionListener sessions(String name) {
        return new HttpSessionListener() {
            @Override
            public void sessionCreated(HttpSessionEvent event) {
                note(name + " created");
            }

            @Override
            public void sessionDestroyed(HttpSessionEvent event) {
                HttpSession session = event.getSession();
                note(name + " destroyed, a is " + session.getAttribute("a") + ", "
                        + session.getAttribute(GatehouseSession.REASON_ATTRIBUTE));
            }
        };
    }

    HttpSessionAttributeListener attributes(String name) {
        return new HttpSessionAttributeListener() {
            @Override
            public void attributeAdded(HttpSessionBindingEvent event) {
                note(name + " added " + text(event));
            }

            @Override
            public void attributeRemoved(HttpSessionBindingEvent event) {
                note(name + " removed " + text(event));
            }

            @Override
            public void attributeReplaced(HttpSessionBindingEvent event) {
                note(name + " replaced " + text(event));
            }
        };
    }

    private static String text(HttpSessionBindingEvent event) {
        return event.getName() + "=" + event.getValue();
    }

    HttpSessionIdListener ids(String name) {
        return (event, before) ->
                note(name + " id changed " + !event.getSession().getId().equals(before) + ", a is "
                        + event.getSession().getAttribute("a"));
    }

    /** The events of attribute values. Static, because values lose their references when they are serialized. */
    static final RecordingListener OF_VALUES = new RecordingListener();

    /** A value that records its events, and the value that the session has under its name at that time. */
    static final class Value implements HttpSessionBindingListener, HttpSessionActivationListener, Serializable {
        private static final long serialVersionUID = 1L;

        private final String text;

        Value(String text) {
            this.text = text;
        }

        @Override
        public void valueBound(HttpSessionBindingEvent event) {
            OF_VALUES.note(text + " bound while there is " + event.getSession().getAttribute(event.getName()));
        }

        @Override
        public void valueUnbound(HttpSessionBindingEvent event) {
            OF_VALUES.note(
                    text + " unbound while there is " + event.getSession().getAttribute(event.getName()));
        }

        @Override
        public void sessionWillPassivate(HttpSessionEvent event) {
            OF_VALUES.note(text + " passivating in " + whose(event.getSession()));
        }

        @Override
        public void sessionDidActivate(HttpSessionEvent event) {
            OF_VALUES.note(text + " activated in " + whose(event.getSession()));
        }

        private static String whose(HttpSession session) {
            return session.toString().startsWith("session ")
                    ? "a Gatehouse session"
                    : session.getClass().getName();
        }

        @Override
        public String toString() {
            return text;
        }
    }
}
