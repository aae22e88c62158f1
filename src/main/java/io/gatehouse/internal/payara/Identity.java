package io.gatehouse.internal.payara;

import io.gatehouse.internal.web.RememberedFields;
import java.security.Principal;
import java.util.List;
import java.util.Set;
import javax.security.auth.Subject;
import org.jspecify.annotations.Nullable;

/**
 * A user whom Payara has authenticated, as the session stores it. It names no password, and is believed only in the application and realm
 * in which the user has logged in. The groups are those of the login. Immutable.
 *
 * @param application the context path
 * @param realm the name of the realm
 * @param authType the authentication scheme, or null
 * @param user the name of the user
 */
record Identity(String application, String realm, @Nullable String authType, String user, List<String> groups) {
    private static final String VERSION = "1";
    private static final String PRINCIPAL = "com.sun.enterprise.security.web.integration.WebPrincipal";
    private static final String GROUP = "org.glassfish.security.common.Group";

    /** Returns the identity of a user, or null if the principal is not one of Payara's. */
    static @Nullable Identity of(Principal principal, @Nullable String authType, Catalina catalina, Object context) {
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
            return new Identity(
                    text(catalina.path.call(context)), realm(catalina, context), authType, principal.getName(), groups);
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

    String encode() {
        return new RememberedFields()
                .add(VERSION)
                .add(application)
                .add(realm)
                .add(authType)
                .add(user)
                .addAll(groups)
                .join();
    }

    /** Returns the identity, or null if it is of another application, realm or version of Gatehouse. */
    static @Nullable Identity decode(String encoded, Catalina catalina, Object context) {
        try {
            RememberedFields.Reader fields = new RememberedFields.Reader(encoded);
            if (!VERSION.equals(fields.next())) {
                return null;
            }
            Identity found = new Identity(fields.text(), fields.text(), fields.next(), fields.text(), fields.list());
            return found.application.equals(text(catalina.path.call(context)))
                            && found.realm.equals(realm(catalina, context))
                    ? found
                    : null;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /** Returns the user as Payara knows users, or null if this version of Payara has other classes. */
    @Nullable
    Principal principal(Catalina catalina, Object context) {
        Object known = catalina.realm.call(context);
        if (known == null) {
            return null;
        }
        try {
            Class<?> type = Class.forName(PRINCIPAL, true, known.getClass().getClassLoader());
            Class<?> security = type.getMethod("getSecurityContext").getReturnType();
            Class<?> group = Class.forName(GROUP, true, security.getClassLoader());
            Subject subject = new Subject();
            for (String name : groups) {
                subject.getPrincipals()
                        .add((Principal) group.getConstructor(String.class).newInstance(name));
            }
            Object secured = security.getConstructor(String.class, Subject.class, String.class)
                    .newInstance(user, subject, realm);
            return (Principal)
                    type.getConstructor(String.class, char[].class, security).newInstance(user, null, secured);
        } catch (ReflectiveOperationException e) {
            return null;
        }
    }
}
