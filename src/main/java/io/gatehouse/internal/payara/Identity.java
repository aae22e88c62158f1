package io.gatehouse.internal.payara;

import io.gatehouse.internal.web.RememberedUser;
import java.security.Principal;
import java.util.List;
import java.util.Set;
import javax.security.auth.Subject;
import org.jspecify.annotations.Nullable;

/**
 * Converts users whom Payara has authenticated to what the session stores, and back. The groups are those of the login, because most realms of
 * Payara find no groups without a password, or return those of the last login on this node.
 */
final class Identity {
    private static final String PRINCIPAL = "com.sun.enterprise.security.web.integration.WebPrincipal";
    private static final String GROUP = "org.glassfish.security.common.Group";

    private Identity() {}

    /** Returns what the session stores of a user, or null if the principal is not one of Payara's. */
    static @Nullable RememberedUser of(
            Principal principal, @Nullable String authType, Catalina catalina, Object context, long now) {
        if (!principal.getClass().getName().equals(PRINCIPAL)) {
            return null;
        }
        try {
            Object security =
                    ServerMethod.of(principal.getClass(), "getSecurityContext").call(principal);
            Object principals = security == null
                    ? Set.of()
                    : ServerMethod.of(security.getClass(), "getPrincipalSet").call(security);
            List<String> groups = principals instanceof Set<?> all
                    ? all.stream()
                            .filter(one -> one.getClass().getName().equals(GROUP))
                            .map(one -> ((Principal) one).getName())
                            .sorted()
                            .toList()
                    : List.of();
            return new RememberedUser(
                    text(catalina.path.call(context)),
                    realm(catalina, context),
                    authType,
                    principal.getName(),
                    now,
                    RememberedUser.Source.LOGIN,
                    groups);
        } catch (NoSuchMethodException e) {
            return null;
        }
    }

    private static String realm(Catalina catalina, Object context) {
        Object realm = catalina.realm.call(context);
        return realm == null ? "" : text(catalina.realmName.call(realm));
    }

    private static String text(@Nullable Object value) {
        return value == null ? "" : value.toString();
    }

    /** Returns the stored user, or null if it is of another application or realm. */
    static @Nullable RememberedUser decode(String encoded, Catalina catalina, Object context) {
        return RememberedUser.decode(encoded, text(catalina.path.call(context)), realm(catalina, context));
    }

    /** Returns the user as Payara knows users, or null if this version of Payara has other classes. */
    static @Nullable Principal principal(RememberedUser user, Catalina catalina, Object context) {
        Object known = catalina.realm.call(context);
        if (known == null) {
            return null;
        }
        try {
            Class<?> type = Class.forName(PRINCIPAL, true, known.getClass().getClassLoader());
            Class<?> security = type.getMethod("getSecurityContext").getReturnType();
            Class<?> group = Class.forName(GROUP, true, security.getClassLoader());
            Subject subject = new Subject();
            for (String name : user.roles()) {
                subject.getPrincipals()
                        .add((Principal) group.getConstructor(String.class).newInstance(name));
            }
            Object secured = security.getConstructor(String.class, Subject.class, String.class)
                    .newInstance(user.name(), subject, user.realm());
            return (Principal)
                    type.getConstructor(String.class, char[].class, security).newInstance(user.name(), null, secured);
        } catch (ReflectiveOperationException e) {
            return null;
        }
    }
}
