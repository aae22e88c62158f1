package io.gatehouse.internal.payara;

import io.gatehouse.internal.web.ContainerRequests;
import io.gatehouse.internal.web.RememberedUser;
import java.security.Principal;
import java.util.Collections;
import java.util.Iterator;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The notes that Payara keeps in the session of a request. The session stores those of FORM authentication: the request to continue, and the
 * user who has logged in to continue it. Other notes last as long as the request, except passwords, which are not kept. Not thread-safe.
 */
final class SessionNotes {
    private static final String FORM_REQUEST = "org.apache.catalina.authenticator.REQUEST";
    private static final String FORM_PRINCIPAL = "org.apache.catalina.authenticator.PRINCIPAL";
    private static final Set<String> CREDENTIALS =
            Set.of("org.apache.catalina.session.USERNAME", "org.apache.catalina.session.PASSWORD");
    private static final String STORED_REQUEST = "payara.request";
    private static final String STORED_PRINCIPAL = "payara.login";
    private static final System.Logger LOG = System.getLogger(SessionNotes.class.getName());

    private final Catalina catalina;
    private final SharedManager manager;
    private final ServedRequest request;
    private final ContainerRequests requests;
    private @Nullable Object saved;
    private @Nullable Principal principal;

    SessionNotes(Catalina catalina, SharedManager manager, ServedRequest request) {
        this.catalina = catalina;
        this.manager = manager;
        this.request = request;
        this.requests = request.requests();
    }

    Iterator<String> names() {
        return Collections.emptyIterator();
    }

    @Nullable
    Object get(String name) {
        return switch (name) {
            case FORM_REQUEST -> savedRequest();
            case FORM_PRINCIPAL -> principal();
            default -> request.notes().get(name);
        };
    }

    void set(String name, @Nullable Object value) {
        if (name.equals(FORM_REQUEST)) {
            saved = null;
            store(STORED_REQUEST, value == null ? null : StoredRequest.encode(value));
        } else if (name.equals(FORM_PRINCIPAL)) {
            setPrincipal(value instanceof Principal user ? user : null);
        } else if (value == null) {
            Object unused = request.notes().remove(name);
        } else if (!CREDENTIALS.contains(name)) {
            Object unused = request.notes().put(name, value);
        }
    }

    /** Called when the form has logged in a user, and when the saved request is continued. */
    private void setPrincipal(@Nullable Principal user) {
        principal = user;
        if (user == null) {
            store(STORED_PRINCIPAL, null);
            store(STORED_REQUEST, null);
            return;
        }
        RememberedUser found = Identity.of(user, null, catalina, manager.context(), RememberedUser.present());
        store(STORED_PRINCIPAL, found == null ? null : found.encode());
        request.setUser(user); // Payara itself does so only when it continues the saved request
        String unused = requests.changeId(request.raw());
    }

    private void store(String name, @Nullable String value) {
        try {
            requests.remember(request.raw(), name, value);
        } catch (IllegalArgumentException e) { // the user goes to the start page after the login
            LOG.log(System.Logger.Level.DEBUG, "the session has no room for {0}", name);
        }
    }

    private @Nullable Object savedRequest() {
        Object known = saved;
        if (known == null) {
            String stored = requests.remembered(request.raw(), STORED_REQUEST);
            known = stored == null ? null : StoredRequest.decode(stored, catalina, request.raw());
            saved = known;
        }
        return known;
    }

    private @Nullable Principal principal() {
        Principal known = principal;
        if (known == null) {
            String stored = requests.remembered(request.raw(), STORED_PRINCIPAL);
            RememberedUser found = stored == null ? null : Identity.decode(stored, catalina, manager.context());
            known = found == null ? null : Identity.principal(found, catalina, manager.context());
            principal = known;
        }
        return known;
    }
}
