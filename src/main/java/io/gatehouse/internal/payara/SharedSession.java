package io.gatehouse.internal.payara;

import io.gatehouse.internal.web.ContainerRequests;
import io.gatehouse.internal.web.RememberedUser;
import jakarta.servlet.http.HttpSession;
import java.lang.reflect.Method;
import java.security.Principal;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The session of one request as Payara sees it. The user and the notes of FORM authentication are stored in plain form. Used by the threads
 * of its request only.
 */
final class SharedSession extends ServerProxy {
    private static final String USER = "payara.user";
    /** The attribute that names the user whom the container knows, also to the filter. */
    private static final String PRINCIPAL = "io.gatehouse.principal";

    private final Catalina catalina;
    private final SharedManager manager;
    private final ServedRequest request;
    private final String handle;
    private final SessionNotes notes;
    private HttpSession known;
    private boolean userRead;
    private @Nullable Principal user;
    private @Nullable String authType;

    SharedSession(Catalina catalina, SharedManager manager, ServedRequest request, HttpSession session) {
        super(catalina.session);
        this.catalina = catalina;
        this.manager = manager;
        this.request = request;
        this.known = session;
        this.handle = handle(session);
        this.notes = new SessionNotes(catalina, manager, request);
    }

    private static String handle(HttpSession session) {
        String id = session.getId();
        return id.substring(0, id.lastIndexOf('.'));
    }

    boolean isOf(HttpSession session) {
        return handle(session).equals(handle);
    }

    private ContainerRequests requests() {
        return request.requests();
    }

    /** Returns the session as the application sees it; another object after a change of the id. */
    private HttpSession session() {
        HttpSession now = now();
        if (now != null) {
            known = now;
        }
        return known;
    }

    /** Returns the session, or null if it has ended, even if the request has made another one. */
    private @Nullable HttpSession now() {
        HttpSession now = requests().session(request.raw(), request.response(), false);
        return now != null && isOf(now) ? now : null;
    }

    /** Changes the id. After a logout it may stay, if the client cannot be sent another one. */
    void changeId() {
        if (request.raw().getUserPrincipal() != null || !request.response().isCommitted()) {
            String unused = requests().changeId(request.raw());
        }
    }

    @Override
    @Nullable
    Object call(Method method, @Nullable Object[] arguments) {
        return switch (method.getName()) {
            case "getId", "getIdInternal" -> session().getId();
            case "getSession" -> session();
            case "getManager" -> manager.proxy();
            case "isValid", "getIsValid" -> now() != null;
            case "hasExpired" -> now() == null;
            case "getCreationTime" -> session().getCreationTime();
            case "getLastAccessedTime", "getThisAccessedTime" -> session().getLastAccessedTime();
            case "getMaxInactiveInterval" -> session().getMaxInactiveInterval();
            case "getAttributes" -> attributes();
            case "getAuthType" -> readUser() ? authType : null;
            case "getPrincipal" -> readUser() ? user : null;
            case "getNote" -> notes.get(String.valueOf(arguments[0]));
            case "getNoteNames" -> notes.names();
            case "getVersion", "getSsoVersion" -> 0L;
            case "getInfo" -> "Gatehouse";
            case "lockForeground" -> true;
            default -> {
                change(method.getName(), arguments);
                yield null;
            }
        };
    }

    private void change(String method, @Nullable Object[] arguments) {
        switch (method) {
            case "setAuthType" -> store(user, (String) arguments[0]);
            case "setPrincipal" -> store((Principal) arguments[0], authType);
            case "setNote" -> notes.set(String.valueOf(arguments[0]), arguments[1]);
            case "removeNote" -> notes.set(String.valueOf(arguments[0]), null);
            case "unlockForeground" -> request.end(); // the last call for a request that has failed
            case "expire" -> {
                HttpSession now = now();
                if (now != null) {
                    now.invalidate();
                }
            }
            default -> {} // Gatehouse keeps its sessions by itself
        }
    }

    private Map<String, Object> attributes() {
        HttpSession session = session();
        Map<String, Object> attributes = new HashMap<>();
        session.getAttributeNames().asIterator().forEachRemaining(name -> {
            Object value = session.getAttribute(name);
            if (value != null) {
                attributes.put(name, value);
            }
        });
        return attributes;
    }

    /** Reads the user, and returns whether there is one. */
    private boolean readUser() {
        if (!userRead) {
            userRead = true;
            String encoded = requests().remembered(request.raw(), USER);
            RememberedUser stored = encoded == null ? null : Identity.decode(encoded, catalina, manager.context());
            if (stored != null && stored.name().equals(session().getAttribute(PRINCIPAL))) {
                accept(stored);
            }
        }
        return user != null;
    }

    private void store(@Nullable Principal principal, @Nullable String type) {
        userRead = true;
        user = principal;
        authType = type;
        RememberedUser stored = principal == null
                ? null
                : Identity.of(principal, type, catalina, manager.context(), RememberedUser.present());
        requests().remember(request.raw(), USER, stored == null ? null : stored.encode());
    }

    /** Accepts a user, unless the groups must be read again, for which the user must log in again. */
    private void accept(RememberedUser stored) {
        if (stored.isDue(requests().rolesRefresh(), RememberedUser.present())) {
            requests().remember(request.raw(), USER, null);
        } else {
            user = Identity.principal(stored, catalina, manager.context());
            authType = stored.authType();
        }
    }
}
