package io.gatehouse.internal.payara;

import io.gatehouse.internal.web.ContainerRequests;
import io.gatehouse.internal.web.GuardedRequest;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.security.Principal;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request that Payara serves, from the first listener to the last. It is a note of Payara's request object, which Payara removes before it
 * uses that object again. The thread knows it, because Payara creates sessions without saying for which request. Not thread-safe.
 */
final class ServedRequest {
    private static final String NOTE = "io.gatehouse.request";
    private static final ThreadLocal<ServedRequest> CURRENT = new ThreadLocal<>();

    private final Catalina catalina;
    private final ContainerRequests requests;
    private final Object request;
    /** Notes of the session that last as long as the request. */
    private final Map<String, Object> notes = new HashMap<>();

    private @Nullable GuardedRequest guarded;
    private @Nullable SharedSession view;

    ServedRequest(Catalina catalina, ContainerRequests requests, Object request) {
        this.catalina = catalina;
        this.requests = requests;
        this.request = request;
    }

    /** Returns the request that the calling thread serves, or null if the thread serves none of the context. */
    static @Nullable ServedRequest current(Object context) {
        ServedRequest current = CURRENT.get();
        return current != null && current.context() == context && current.isNoted() ? current : null;
    }

    /** Returns what is known of a request, or null if its listeners were not notified yet. */
    static @Nullable ServedRequest of(Catalina catalina, Object request) {
        return catalina.note.call(request, NOTE) instanceof ServedRequest served ? served : null;
    }

    private boolean isNoted() {
        return catalina.note.call(request, NOTE) == this;
    }

    /** Makes this the request of the calling thread. */
    void bind() {
        Object unused = catalina.setNote.call(request, NOTE, this);
        CURRENT.set(this);
    }

    void begun(GuardedRequest begun) {
        guarded = begun;
    }

    /** Ends the request in the thread that serves it: saves its session. The first call counts. */
    void end() {
        GuardedRequest begun = guarded;
        guarded = null;
        try {
            if (begun != null) {
                begun.end();
            }
        } finally {
            CURRENT.remove();
        }
    }

    ContainerRequests requests() {
        return requests;
    }

    HttpServletRequest raw() {
        return (HttpServletRequest) present(catalina.raw.call(request));
    }

    HttpServletResponse response() {
        return (HttpServletResponse) present(catalina.rawOfResponse.call(present(catalina.response.call(request))));
    }

    Object context() {
        Object context = catalina.context.call(request);
        return context == null ? this : context; // a finished request has none
    }

    private static Object present(@Nullable Object found) {
        if (found == null) {
            throw new IllegalStateException("the request has ended");
        }
        return found;
    }

    /** Sets the session id that the client has sent, because Payara asks its manager only then. */
    void identify() {
        String id = requests.requestedId(raw());
        Object unused = catalina.setRequestedSessionId.call(request, id);
        unused = catalina.setRequestedSessionCookie.call(request, id != null);
        unused = catalina.setRequestedSessionUrl.call(request, false);
        unused = catalina.setUnsuccessfulSessionFind.call(request, false); // it may have asked for an id in the URL
    }

    void setUser(Principal user) {
        Object unused = catalina.setUserPrincipal.call(request, user);
    }

    Map<String, Object> notes() {
        return notes;
    }

    /** Returns Payara's view of the session, or null if there is none. */
    @Nullable
    SharedSession session(SharedManager manager, boolean create) {
        HttpSession session = requests.session(raw(), response(), create);
        if (session == null) {
            return null;
        }
        SharedSession known = view;
        if (known == null || !known.isOf(session)) {
            known = new SharedSession(catalina, manager, this, session);
            view = known;
        }
        return known;
    }

    /** Makes Payara use a session that the application has created. */
    void adopt(SharedManager manager) {
        SharedSession session = session(manager, false);
        if (session != null) {
            Object unused = catalina.setSession.call(request, session.proxy());
        }
    }
}
