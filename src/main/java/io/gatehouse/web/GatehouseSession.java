package io.gatehouse.web;

import io.gatehouse.container.Container;
import io.gatehouse.session.EndReason;
import io.gatehouse.session.Session;
import io.gatehouse.session.SessionTicket;
import jakarta.servlet.ServletContext;
import jakarta.servlet.http.HttpSession;
import java.lang.ref.WeakReference;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The {@link HttpSession} that applications see. One object for all requests of this JVM that use the session at the same time
 * with the same identity, so that {@code synchronized (session)} protects what it protects in a container. A request that
 * changes the id gets another object from then on; on its threads this one stands for the same. The id is public: it changes
 * when the id is changed, and opens nothing. While the session ends, the attribute
 * {@value #REASON_ATTRIBUTE} says why; it is not among the names.
 */
final class GatehouseSession implements HttpSession {
    static final String REASON_ATTRIBUTE = "io.gatehouse.end";

    private final Session shared;
    private final HttpSessionAdapter sessions;
    private final Container container;
    private final ServletContext context;
    private final HttpSession face;
    private volatile @Nullable String reason;

    /** @param shared what a thread sees that acts on behalf of no request */
    GatehouseSession(Session shared, HttpSessionAdapter sessions, Container container, ServletContext context) {
        this.shared = shared;
        this.sessions = sessions;
        this.container = container;
        this.context = context;
        this.face = Servlet61SessionProxy.of(this);
    }

    /** The object that applications get, which is this one where the server's HttpSession has no more methods. */
    HttpSession face() {
        return face;
    }

    /** Gives access to the session after the request, for as long as it has the id that it has now. */
    Consumer<Consumer<HttpSession>> accessor() {
        Session session = valid();
        SessionTicket ticket = sessions.sessions().ticket(session);
        WeakReference<Session> request = new WeakReference<>(session);
        return consumer -> sessions.access(ticket, request.get(), consumer);
    }

    @Override
    public long getCreationTime() {
        return valid().createdAt().toEpochMilli();
    }

    @Override
    public String getId() {
        return session().id();
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
        session().setIdleSeconds(seconds);
    }

    @Override
    public int getMaxInactiveInterval() {
        long seconds = session().idleSeconds();
        return seconds == 0 ? -1 : (int) Math.min(seconds, Integer.MAX_VALUE);
    }

    @Override
    public @Nullable Object getAttribute(String name) {
        Object value = valid().attribute(name, container.loader());
        return value == null && REASON_ATTRIBUTE.equals(name) ? reason : value;
    }

    @Override
    public Enumeration<String> getAttributeNames() {
        return Collections.enumeration(names());
    }

    List<String> names() {
        return valid().attributeNames(container.loader()).stream()
                .filter(name -> !container.mustBeReadable(name) || getAttribute(name) != null)
                .toList();
    }

    /** It can be read still, and tells why it ends. */
    void markEnding(EndReason why) {
        reason = why.label();
    }

    @Override
    public void setAttribute(String name, @Nullable Object value) {
        if (name == null) {
            throw new IllegalArgumentException("an attribute needs a name");
        }
        if (value == null) {
            removeAttribute(name);
        } else {
            Session unused = valid();
            sessions.set(this, name, value);
        }
    }

    @Override
    public void removeAttribute(String name) {
        Session open = valid();
        if (name != null) {
            open.attribute(name, container.loader()); // what was read can be told what becomes of it
            Object removed = open.removeAttribute(name);
            if (removed != null) {
                sessions.removed(this, name, removed);
            }
        }
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

    Session shared() {
        return shared;
    }

    /** The session as the calling thread may see it. */
    private Session session() {
        return sessions.seenBy(shared);
    }

    private Session valid() {
        Session session = session();
        if (session.isEnded()) {
            throw new IllegalStateException("the session has been invalidated");
        }
        return session;
    }

    @Override
    public String toString() {
        return shared.toString();
    }
}
