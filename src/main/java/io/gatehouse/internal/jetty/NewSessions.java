package io.gatehouse.internal.jetty;

import jakarta.servlet.http.HttpSessionEvent;
import jakarta.servlet.http.HttpSessionListener;

/**
 * Notified of new sessions. A class of its own without Jetty's types: servers load each class of a WAR that implements this interface.
 *
 * @param created called in the thread of the request that has created a session
 */
record NewSessions(Runnable created) implements HttpSessionListener {
    @Override
    public void sessionCreated(HttpSessionEvent event) {
        created.run();
    }
}
