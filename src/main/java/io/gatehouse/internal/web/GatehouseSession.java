package io.gatehouse.internal.web;

import io.gatehouse.internal.servers.Container;
import io.gatehouse.internal.session.PreparedAttribute;
import io.gatehouse.internal.session.Session;
import io.gatehouse.internal.session.token.VerifiedToken;
import io.gatehouse.session.EndReason;
import jakarta.servlet.ServletContext;
import jakarta.servlet.http.HttpSession;
import java.lang.ref.WeakReference;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The {@link HttpSession} that applications see. All requests of this JVM that use a session at the same time with the same id
 * share one object, so that {@code synchronized (session)} protects what it protects in a container. A request that changes the id
 * gets another object from then on. On the threads of that request, the former object acts on the session with the new id
 * ({@link SessionScopes#resolve}).
 *
 * <p>The id is public: it changes with the token of the session, but does not grant access to it. While the session ends, the attribute
 * {@value #REASON_ATTRIBUTE} gives the reason; it is not among the names. Thread-safe.
 */
final class GatehouseSession implements HttpSession {
    static final String REASON_ATTRIBUTE = "io.gatehouse.end";

    private final Session shared;
    private final HttpSessionAdapter adapter;
    private final ListenerNotifier notifier;
    private final Container container;
    private final HttpSession exposed;
    private volatile @Nullable String reason;

    /** @param shared the session as seen by a thread without a {@link SessionScope} */
    GatehouseSession(Session shared, HttpSessionAdapter adapter, ListenerNotifier notifier) {
        this.shared = shared;
        this.adapter = adapter;
        this.notifier = notifier;
        this.container = notifier.container();
        this.exposed = Servlet61SessionProxy.of(this);
    }

    /** Returns the object that applications get: a proxy where the server's {@code HttpSession} has more methods than this. */
    HttpSession exposed() {
        return exposed;
    }

    /** Returns access to the session after the request, for as long as the session keeps its present id. */
    Consumer<Consumer<HttpSession>> accessor() {
        Session session = valid();
        VerifiedToken ticket = adapter.sessions().ticket(session);
        WeakReference<Session> request = new WeakReference<>(session);
        return consumer -> adapter.access(ticket, request.get(), consumer);
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
        return notifier.context();
    }

    /** Sets the idle timeout; zero and negative values mean never. */
    @Override
    public void setMaxInactiveInterval(int seconds) {
        session().setIdleSeconds(seconds);
    }

    @Override
    public int getMaxInactiveInterval() {
        return idleSeconds(session());
    }

    /** Returns the idle timeout in seconds as the Servlet API expresses it. */
    static int idleSeconds(Session session) {
        long seconds = session.idleSeconds();
        return seconds == 0 ? -1 : (int) Math.min(seconds, Integer.MAX_VALUE);
    }

    @Override
    public @Nullable Object getAttribute(String name) {
        Session open = valid();
        Object value = isOfContainer(name) ? null : open.attribute(name, container.loader());
        return value == null && REASON_ATTRIBUTE.equals(name) ? reason : value;
    }

    @Override
    public Enumeration<String> getAttributeNames() {
        return Collections.enumeration(names());
    }

    List<String> names() {
        return valid().attributeNames(container.loader()).stream()
                .filter(name -> !isOfContainer(name))
                .filter(name -> !container.mustBeReadable(name) || getAttribute(name) != null)
                .toList();
    }

    /** Notes why the session ends. It can still be read. */
    void markEnding(EndReason why) {
        reason = why.label();
    }

    /** Sets an attribute. To set the user also changes the id, so that the session of the former user is not taken over. */
    @Override
    public void setAttribute(String name, @Nullable Object value) {
        if (name == null) {
            throw new IllegalArgumentException("the name of a session attribute must not be null");
        }
        if (isOfContainer(name)) {
            throw new IllegalArgumentException(
                    "the session attribute " + name + " cannot be set: names that start with "
                            + ContainerRequests.REMEMBERED + " are reserved for the container; use another name");
        }
        if (value == null) {
            removeAttribute(name);
            return;
        }
        Object before = getAttribute(name); // decodes the value, so that the listeners get it if it is replaced
        Session target =
                name.equals(Session.USER_ATTRIBUTE) ? adapter.changeIdFor(value.toString(), shared) : session();
        PreparedAttribute prepared = target.prepareAttribute(name, value);
        if (value != before) {
            notifier.valueBound(exposed, name, value);
        }
        Object replaced = prepared.set();
        if (replaced == null) {
            notifier.attributeAdded(exposed, name, value);
        } else {
            notifier.attributeReplaced(exposed, name, replaced, replaced != value);
        }
    }

    @Override
    public void removeAttribute(String name) {
        Session open = valid();
        if (name != null && !isOfContainer(name)) {
            open.attribute(name, container.loader()); // decodes the value, so that the listeners get it
            Object removed = open.removeAttribute(name);
            if (removed != null) {
                notifier.attributeRemoved(exposed, name, removed);
            }
        }
    }

    @Override
    public void invalidate() {
        if (!adapter.sessions().invalidate(valid())) {
            throw new IllegalStateException("the session is being invalidated");
        }
    }

    @Override
    public boolean isNew() {
        return valid().isNew();
    }

    private static boolean isOfContainer(String name) {
        return name != null && name.startsWith(ContainerRequests.REMEMBERED);
    }

    /** Returns the session as the calling thread may use it. */
    private Session session() {
        return SessionScopes.resolve(shared);
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
