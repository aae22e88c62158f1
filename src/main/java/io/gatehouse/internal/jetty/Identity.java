package io.gatehouse.internal.jetty;

import io.gatehouse.internal.web.RememberedUser;
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
 * Converts users whom Jetty has authenticated to what the session stores, and back. The roles are those of the login, because a login service
 * names none without credentials.
 */
final class Identity {
    private Identity() {}

    /** @param now seconds since 1970 */
    static RememberedUser of(
            SessionAuthentication authentication, String application, SecurityHandler security, long now) {
        UserIdentity identity = authentication.getUserIdentity();
        String @Nullable [] roles = identity.getRoles();
        return new RememberedUser(
                application,
                realm(security),
                authentication.getAuthenticationType(),
                identity.getUserPrincipal().getName(),
                now,
                RememberedUser.Source.LOGIN,
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

    /** Returns the stored user, or null if it is of another application or realm. */
    static @Nullable RememberedUser decode(String encoded, String application, SecurityHandler security) {
        return RememberedUser.decode(encoded, application, realm(security));
    }

    /** Returns the user as Jetty has it after the login; null without an identity service. */
    static @Nullable SessionAuthentication authentication(RememberedUser user, SecurityHandler security) {
        IdentityService service = security.getIdentityService();
        if (service == null) {
            return null;
        }
        NamePrincipal principal = new NamePrincipal(user.name());
        Subject subject = new Subject();
        subject.getPrincipals().add(principal);
        user.roles().forEach(role -> subject.getPrincipals().add(new RolePrincipal(role)));
        subject.setReadOnly();
        UserIdentity identity =
                service.newUserIdentity(subject, principal, user.roles().toArray(String[]::new));
        return new SessionAuthentication(user.authType(), identity, null);
    }
}
