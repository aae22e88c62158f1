package io.gatehouse.servers.club;

import jakarta.servlet.http.HttpSessionActivationListener;
import jakarta.servlet.http.HttpSessionBindingEvent;
import jakarta.servlet.http.HttpSessionBindingListener;
import jakarta.servlet.http.HttpSessionEvent;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/** A value that records its notifications, and what the session has in its place at that time. */
final class RecordingValue implements HttpSessionBindingListener, HttpSessionActivationListener, Serializable {
    static final String NAME = "keepsake";
    private static final long serialVersionUID = 1L;
    private static final List<String> EVENTS = new ArrayList<>();

    private final String text;

    RecordingValue(String text) {
        this.text = text;
    }

    /** Returns and clears the notifications of all values on this node. */
    static synchronized String takeEvents() {
        String all = EVENTS.toString();
        EVENTS.clear();
        return all;
    }

    private static synchronized void record(String line) {
        EVENTS.add(line);
    }

    @Override
    public void valueBound(HttpSessionBindingEvent event) {
        record(text + " bound while there is " + event.getSession().getAttribute(NAME));
    }

    @Override
    public void valueUnbound(HttpSessionBindingEvent event) {
        record(text + " unbound while there is " + event.getSession().getAttribute(NAME));
    }

    @Override
    public void sessionWillPassivate(HttpSessionEvent event) {
        record(text + " passivating");
    }

    @Override
    public void sessionDidActivate(HttpSessionEvent event) {
        record(text + " activated");
    }

    @Override
    public String toString() {
        return text;
    }
}
