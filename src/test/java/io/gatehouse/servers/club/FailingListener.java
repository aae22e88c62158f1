package io.gatehouse.servers.club;

import jakarta.servlet.http.HttpSessionEvent;
import jakarta.servlet.http.HttpSessionListener;

/** A listener, added by another one, that throws when the session of the member "trouble" ends. */
final class FailingListener implements HttpSessionListener {
    private static final String TROUBLE = "trouble";

    private final Journal journal;

    FailingListener(Journal journal) {
        this.journal = journal;
    }

    @Override
    public void sessionCreated(HttpSessionEvent event) {
        journal.add("listener notified");
    }

    @Override
    public void sessionDestroyed(HttpSessionEvent event) {
        if (TROUBLE.equals(event.getSession().getAttribute(Listener.NAME))) {
            throw new IllegalArgumentException("thrown on purpose by the test listener");
        }
    }
}
