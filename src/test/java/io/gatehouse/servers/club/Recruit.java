package io.gatehouse.servers.club;

import jakarta.servlet.http.HttpSessionEvent;
import jakarta.servlet.http.HttpSessionListener;

/** A listener whom another one has added; he throws when a session ends whose member is trouble. */
final class Recruit implements HttpSessionListener {
    private static final String TROUBLE = "trouble";

    private final Journal journal;

    Recruit(Journal journal) {
        this.journal = journal;
    }

    @Override
    public void sessionCreated(HttpSessionEvent event) {
        journal.note("recruit told");
    }

    @Override
    public void sessionDestroyed(HttpSessionEvent event) {
        if (TROUBLE.equals(event.getSession().getAttribute(Listener.NAME))) {
            throw new IllegalArgumentException("on purpose");
        }
    }
}
