package io.gatehouse.servers.club;

import jakarta.inject.Inject;
import jakarta.servlet.annotation.WebListener;
import jakarta.servlet.http.HttpSessionAttributeListener;
import jakarta.servlet.http.HttpSessionBindingEvent;
import jakarta.servlet.http.HttpSessionEvent;
import jakarta.servlet.http.HttpSessionIdListener;
import jakarta.servlet.http.HttpSessionListener;

/** A listener of all session events. The journal is injected only if the server creates the listener. */
@WebListener
public class Listener implements HttpSessionListener, HttpSessionAttributeListener, HttpSessionIdListener {
    static final String NAME = "name";

    @Inject
    Journal journal;

    @Override
    public void sessionCreated(HttpSessionEvent event) {
        journal.add("session created");
    }

    @Override
    public void sessionDestroyed(HttpSessionEvent event) {
        journal.add("session of " + event.getSession().getAttribute(NAME) + " destroyed: "
                + event.getSession().getAttribute("io.gatehouse.end"));
    }

    @Override
    public void sessionIdChanged(HttpSessionEvent event, String before) {
        journal.add("id changed: " + !before.equals(event.getSession().getId()));
    }

    @Override
    public void attributeAdded(HttpSessionBindingEvent event) {
        record("added", event);
    }

    @Override
    public void attributeReplaced(HttpSessionBindingEvent event) {
        record("replaced", event);
    }

    @Override
    public void attributeRemoved(HttpSessionBindingEvent event) {
        record("removed", event);
    }

    private void record(String change, HttpSessionBindingEvent event) {
        if (event.getName().equals(NAME)) {
            journal.add(change + " " + event.getValue());
        }
    }
}
