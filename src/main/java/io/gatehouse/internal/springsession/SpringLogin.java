package io.gatehouse.internal.springsession;

import io.gatehouse.internal.session.Session;
import java.lang.reflect.Method;
import java.security.Principal;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Finds the user of a session of Spring Session, without classes of Spring at compile time. */
final class SpringLogin {
    /** The attribute with the login of Spring Security. */
    static final String SECURITY_CONTEXT = "SPRING_SECURITY_CONTEXT";

    private static final String PRINCIPAL_NAME =
            "org.springframework.session.FindByIndexNameSessionRepository.PRINCIPAL_NAME_INDEX_NAME";

    private SpringLogin() {}

    /**
     * Returns the name of the user, or empty: the one that the application has set for Gatehouse, else the one that it has set for the index
     * of Spring Session, else that of Spring Security's login, if it is complete.
     */
    static String user(Map<String, Object> attributes) {
        if (attributes.get(Session.USER_ATTRIBUTE) instanceof String user) {
            return user;
        }
        if (attributes.get(PRINCIPAL_NAME) instanceof String user) {
            return user;
        }
        Object context = attributes.get(SECURITY_CONTEXT);
        String name = context == null ? null : nameIn(context);
        return name == null ? "" : name;
    }

    /**
     * Returns the name of the login, which is a {@link Principal} in every version of Spring Security, or null if the login is not complete,
     * for example because a second factor is missing.
     */
    private static @Nullable String nameIn(Object context) {
        try {
            Method getter = context.getClass().getMethod("getAuthentication");
            return getter.invoke(context) instanceof Principal login
                            && Boolean.TRUE.equals(getter.getReturnType()
                                    .getMethod("isAuthenticated")
                                    .invoke(login))
                    ? login.getName()
                    : null;
        } catch (ReflectiveOperationException | RuntimeException | LinkageError e) {
            return null; // another class, or code of the application that failed: the session has no user
        }
    }
}
