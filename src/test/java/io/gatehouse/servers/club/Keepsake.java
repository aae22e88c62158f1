package io.gatehouse.servers.club;

import jakarta.servlet.http.HttpSessionActivationListener;
import jakarta.servlet.http.HttpSessionBindingEvent;
import jakarta.servlet.http.HttpSessionBindingListener;
import jakarta.servlet.http.HttpSessionEvent;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/** A value that notes what it is told, and what the session has in its place at that time. */
final class Keepsake implements HttpSessionBindingListener, HttpSessionActivationListener, Serializable {
    static final String NAME = "keepsake";
    private static final long serialVersionUID = 1L;
    private static final List<String> HEARD = new ArrayList<>();

    private final String text;

    Keepsake(String text) {
        this.text = text;
    }

    /** What all of them were told on this node since this was asked last. */
    static synchronized String heard() {
        String all = HEARD.toString();
        HEARD.clear();
        return all;
    }

    private static synchronized void note(String line) {
        HEARD.add(line);
    }

    @Override
    public void valueBound(HttpSessionBindingEvent event) {
        note(text + " bound while there is " + event.getSession().getAttribute(NAME));
    }

    @Override
    public void valueUnbound(HttpSessionBindingEvent event) {
        note(text + " unbound while there is " + event.getSession().getAttribute(NAME));
    }

    @Override
    public void sessionWillPassivate(HttpSessionEvent event) {
        note(text + " passivating");
    }

    @Override
    public void sessionDidActivate(HttpSessionEvent event) {
        note(text + " activated");
    }

    @Override
    public String toString() {
        return text;
    }
}
