package io.gatehouse.internal.jetty;

import io.gatehouse.internal.web.ContainerRequests;
import io.gatehouse.internal.web.RememberedFields;
import io.gatehouse.internal.web.RememberedUser;
import jakarta.servlet.http.HttpSession;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.security.AuthenticationState;
import org.eclipse.jetty.security.SecurityHandler;
import org.eclipse.jetty.security.authentication.FormAuthenticator;
import org.eclipse.jetty.security.authentication.SessionAuthentication;
import org.eclipse.jetty.util.Fields;
import org.jspecify.annotations.Nullable;

/**
 * What Jetty keeps of a login in the session of a request: the user, and the request that FORM authentication continues after the login, with
 * its path, method and form. Not thread-safe.
 */
final class StoredLogin {
    /** The attribute by which Jetty knows that it has changed the id for a user. */
    static final String AUTHENTICATED = "org.eclipse.jetty.security.sessionAuthenticated";

    /** An attribute that Jetty sets and does not read. */
    static final String CREATED_SECURE = "org.eclipse.jetty.security.sessionCreatedSecure";

    private static final String USER = "jetty.user";
    private static final String URI = "jetty.uri";
    private static final String METHOD = "jetty.method";
    private static final String FIELDS = "jetty.fields";

    /** The attribute that names the user whom the container knows, also to the filter. */
    private static final String PRINCIPAL = "io.gatehouse.principal";

    private final ServedRequest served;
    private final ContainerRequests requests;
    private boolean userRead;
    private @Nullable SessionAuthentication user;

    StoredLogin(ServedRequest served, ContainerRequests requests) {
        this.served = served;
        this.requests = requests;
    }

    private @Nullable String stored(String name) {
        return requests.remembered(served.request(), name);
    }

    private void store(String name, @Nullable String text) {
        requests.remember(served.request(), name, text);
    }

    /** Returns the user whom an earlier request has logged in, or null. */
    @Nullable
    SessionAuthentication user(HttpSession session) {
        if (!userRead) {
            userRead = true;
            SecurityHandler security = SecurityHandler.getCurrentSecurityHandler();
            String encoded = security == null ? null : stored(USER);
            if (security != null && encoded != null) {
                RememberedUser stored =
                        Identity.decode(encoded, served.request().getContextPath(), security);
                if (stored != null && stored.name().equals(session.getAttribute(PRINCIPAL))) {
                    accept(stored, security);
                }
            }
        }
        return user;
    }

    /** Accepts a user, unless the roles must be read again, for which the user must log in again. */
    private void accept(RememberedUser stored, SecurityHandler security) {
        if (stored.isDue(requests.rolesRefresh(), RememberedUser.present())) {
            store(USER, null);
        } else {
            user = Identity.authentication(stored, security);
        }
    }

    /** Notes the user also for this request: Jetty does so only for the next one. */
    void setUser(@Nullable Object value) {
        userRead = true;
        SecurityHandler security = SecurityHandler.getCurrentSecurityHandler();
        if (security != null && value instanceof SessionAuthentication authentication) {
            user = authentication;
            store(
                    USER,
                    Identity.of(authentication, served.request().getContextPath(), security, RememberedUser.present())
                            .encode());
            AuthenticationState.setAuthenticationState(served.jetty(), authentication);
        } else {
            user = null;
            store(USER, null);
        }
    }

    /**
     * Returns whether Jetty need not change the id for the user whom it has verified now. A client that presents its credentials with each
     * request has logged in with the first; a FORM is a login each time. Gatehouse changes the id for another user by itself.
     */
    boolean keepsId(HttpSession session) {
        SecurityHandler security = SecurityHandler.getCurrentSecurityHandler();
        return session.getAttribute(PRINCIPAL) != null
                && security != null
                && !(security.getAuthenticator() instanceof FormAuthenticator);
    }

    /** Returns the URI to continue with, on the host of the present request: only its path and query are stored. */
    @Nullable
    HttpURI uri() {
        String stored = stored(URI);
        return stored == null
                ? null
                : HttpURI.build(served.jetty().getHttpURI()).pathQuery(stored).asImmutable();
    }

    void setUri(@Nullable Object value) {
        store(URI, value instanceof HttpURI uri ? uri.getPathQuery() : null);
    }

    @Nullable
    String method() {
        return stored(METHOD);
    }

    void setMethod(@Nullable Object value) {
        store(METHOD, value == null ? null : value.toString());
    }

    /** Returns the fields of the form to continue with, or null. */
    @Nullable
    Fields fields() {
        String stored = stored(FIELDS);
        if (stored == null) {
            return null;
        }
        Fields fields = new Fields(true);
        try {
            List<String> pairs = new RememberedFields.Reader(stored).list();
            for (int i = 0; i + 1 < pairs.size(); i += 2) {
                fields.add(pairs.get(i), pairs.get(i + 1));
            }
        } catch (IllegalArgumentException e) {
            return null;
        }
        return fields;
    }

    void setFields(@Nullable Object value) {
        if (!(value instanceof Fields fields)) {
            store(FIELDS, null);
            return;
        }
        List<String> pairs = new ArrayList<>();
        for (Fields.Field field : fields) {
            for (String each : field.getValues()) {
                pairs.add(field.getName());
                pairs.add(each);
            }
        }
        store(FIELDS, new RememberedFields().addAll(pairs).join());
    }
}
