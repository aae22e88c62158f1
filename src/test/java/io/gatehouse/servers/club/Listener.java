package io.gatehouse.servers.club;

import jakarta.inject.Inject;
import jakarta.servlet.annotation.WebListener;
import jakarta.servlet.http.HttpSessionAttributeListener;
import jakarta.servlet.http.HttpSessionBindingEvent;
import jakarta.servlet.http.HttpSessionEvent;
import jakarta.servlet.http.HttpSessionIdListener;
import jakarta.servlet.http.HttpSessionListener;

/** Listens to everything there is; the journal is there only if the server has made the listener. */
@WebListener
public class Listener implements HttpSessionListener, HttpSessionAttributeListener, HttpSessionIdListener {
    static final String NAME = "name";

    @Inject
    Journal journal;

    @Override
    public void sessionCreated(HttpSessionEvent event) {
        journal.note("session created");
    }

    @Override
    public void sessionDestroyed(HttpSessionEvent event) {
        journal.note("session of " + event.getSession().getAttribute(NAME) + " destroyed: "
                + event.getSession().getAttribute("io.gatehouse.end"));
    }

    @Override
    public void sessionIdChanged(HttpSessionEvent event, String before) {
        journal.note("id changed: " + !before.equals(event.getSession().getId()));
    }

    @Override
    public void attributeAdded(HttpSessionBindingEvent event) {
        note("added", event);
    }

    @Override
    public void attributeReplaced(HttpSessionBindingEvent event) {
        note("replaced", event);
    }

    @Override
    public void attributeRemoved(HttpSessionBindingEvent event) {
        note("removed", event);
    }

    private void note(String what, HttpSessionBindingEvent event) {
        if (event.getName().equals(NAME)) {
            journal.note(what + " " + event.getValue());
        }
    }
}
