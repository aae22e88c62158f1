package io.gatehouse.internal.jetty;

import io.gatehouse.internal.web.RememberedFields;
import java.util.List;
import javax.security.auth.Subject;
import org.eclipse.jetty.security.IdentityService;
import org.eclipse.jetty.security.NamePrincipal;
import org.eclipse.jetty.security.RolePrincipal;
import org.eclipse.jetty.security.SecurityHandler;
import org.eclipse.jetty.security.UserIdentity;
import org.eclipse.jetty.security.authentication.SessionAuthentication;
import org.jspecify.annotations.Nullable;

/**
 * A user whom Jetty has authenticated, as the session stores it. It names no password, and is believed only in the application and realm in
 * which the user has logged in. Immutable.
 *
 * @param application the context path
 * @param realm the name of the realm
 * @param method the authentication scheme
 * @param user the name of the user
 * @param roles the roles at the login
 */
record Identity(String application, String realm, String method, String user, List<String> roles) {
    private static final String VERSION = "1";

    static Identity of(SessionAuthentication authentication, String application, SecurityHandler security) {
        UserIdentity identity = authentication.getUserIdentity();
        String @Nullable [] roles = identity.getRoles();
        return new Identity(
                application,
                realm(security),
                authentication.getAuthenticationType(),
                identity.getUserPrincipal().getName(),
                roles == null ? List.of() : List.of(roles));
    }

    /** Returns the realm of web.xml or of the code; otherwise that of the login service, if there is only one. */
    private static String realm(SecurityHandler security) {
        String configured = security.getRealmName();
        if (configured != null) {
            return configured;
        }
        var service = security.getLoginService();
        return service == null || service.getName() == null ? "" : service.getName();
    }

    String encode() {
        return new RememberedFields()
                .add(VERSION)
                .add(application)
                .add(realm)
                .add(method)
                .add(user)
                .addAll(roles)
                .join();
    }

    /** Returns the identity, or null if it is of another application, realm or version of Gatehouse. */
    static @Nullable Identity decode(String encoded, String application, SecurityHandler security) {
        try {
            RememberedFields.Reader fields = new RememberedFields.Reader(encoded);
            if (!VERSION.equals(fields.next())) {
                return null;
            }
            Identity found = new Identity(fields.text(), fields.text(), fields.text(), fields.text(), fields.list());
            return found.application.equals(application) && found.realm.equals(realm(security)) ? found : null;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /** Returns the user as Jetty has it after the login, with the roles of that time; null without an identity service. */
    @Nullable
    SessionAuthentication authentication(SecurityHandler security) {
        IdentityService service = security.getIdentityService();
        if (service == null) {
            return null;
        }
        NamePrincipal principal = new NamePrincipal(user);
        Subject subject = new Subject();
        subject.getPrincipals().add(principal);
        roles.forEach(role -> subject.getPrincipals().add(new RolePrincipal(role)));
        subject.setReadOnly();
        UserIdentity identity = service.newUserIdentity(subject, principal, roles.toArray(String[]::new));
        return new SessionAuthentication(method, identity, null);
    }
}
