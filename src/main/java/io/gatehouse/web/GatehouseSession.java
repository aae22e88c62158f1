package io.gatehouse.web;

import io.gatehouse.session.Session;
import io.gatehouse.session.Sessions;
import jakarta.servlet.ServletContext;
import jakarta.servlet.http.HttpSession;
import java.util.Collections;
import java.util.Enumeration;
import org.jspecify.annotations.Nullable;

/**
 * The {@link HttpSession} that applications see. One object for all requests of this JVM that hold the session at the same
 * time. Its id is public: it changes when the id is changed, and opens nothing.
 */
final class GatehouseSession implements HttpSession {
    private final Session session;
    private final Sessions sessions;
    private final ServletContext context;

    GatehouseSession(Session session, Sessions sessions, ServletContext context) {
        this.session = session;
        this.sessions = sessions;
        this.context = context;
    }

    @Override
    public long getCreationTime() {
        return valid().createdAt().toEpochMilli();
    }

    @Override
    public String getId() {
        return session.id();
    }

    @Override
    public long getLastAccessedTime() {
        return valid().lastAccessedAt().toEpochMilli();
    }

    @Override
    public ServletContext getServletContext() {
        return context;
    }

    /** Zero and less mean never. */
    @Override
    public void setMaxInactiveInterval(int seconds) {
        session.setIdleSeconds(seconds);
    }

    @Override
    public int getMaxInactiveInterval() {
        long seconds = session.idleSeconds();
        return seconds == 0 ? -1 : (int) Math.min(seconds, Integer.MAX_VALUE);
    }

    @Override
    public @Nullable Object getAttribute(String name) {
        return valid().attribute(name, loader());
    }

    @Override
    public Enumeration<String> getAttributeNames() {
        return Collections.enumeration(valid().attributeNames());
    }

    @Override
    public void setAttribute(String name, @Nullable Object value) {
        if (name == null) {
            throw new IllegalArgumentException("an attribute needs a name");
        }
        if (value == null) {
            removeAttribute(name);
        } else {
            valid().setAttribute(name, value);
        }
    }

    @Override
    public void removeAttribute(String name) {
        valid().removeAttribute(name);
    }

    @Override
    public void invalidate() {
        if (!sessions.invalidate(valid())) {
            throw new IllegalStateException("the session is being invalidated");
        }
    }

    @Override
    public boolean isNew() {
        return valid().isNew();
    }

    private Session valid() {
        if (session.isEnded()) {
            throw new IllegalStateException("the session has been invalidated");
        }
        return session;
    }

    private ClassLoader loader() {
        ClassLoader loader = Thread.currentThread().getContextClassLoader();
        return loader != null ? loader : GatehouseSession.class.getClassLoader();
    }

    @Override
    public String toString() {
        return session.toString();
    }
}
