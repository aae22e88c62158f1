package io.gatehouse.internal.tomcat;

import io.gatehouse.internal.web.RememberedFields;
import java.security.Principal;
import java.util.Arrays;
import java.util.List;
import org.apache.catalina.Context;
import org.apache.catalina.TomcatPrincipal;
import org.apache.catalina.realm.GenericPrincipal;
import org.apache.tomcat.util.descriptor.web.LoginConfig;
import org.jspecify.annotations.Nullable;

/**
 * A user whom Tomcat has authenticated, as the session stores it. It names no password, and is believed only in the application and realm
 * in which the user has logged in. Immutable.
 *
 * @param application the context path
 * @param realm the name of the realm in the login configuration
 * @param authType the authentication scheme, or null
 * @param user the name of the user
 * @param listsRoles whether the roles are known; otherwise the realm knows them
 */
record Identity(
        String application,
        String realm,
        @Nullable String authType,
        String user,
        boolean listsRoles,
        List<String> roles) {
    private static final String VERSION = "1";

    static Identity of(Principal principal, @Nullable String authType, Context context) {
        boolean generic = principal instanceof GenericPrincipal;
        List<String> roles = principal instanceof GenericPrincipal known ? Arrays.asList(known.getRoles()) : List.of();
        return new Identity(context.getPath(), realm(context), authType, exposedName(principal), generic, roles);
    }

    private static String exposedName(Principal principal) {
        Principal exposed = principal instanceof TomcatPrincipal tomcat ? tomcat.getUserPrincipal() : principal;
        return exposed.getName();
    }

    private static String realm(Context context) {
        LoginConfig login = context.getLoginConfig();
        return login == null || login.getRealmName() == null ? "" : login.getRealmName();
    }

    String encode() {
        return new RememberedFields()
                .add(VERSION)
                .add(application)
                .add(realm)
                .add(authType)
                .add(user)
                .add(Boolean.toString(listsRoles))
                .addAll(roles)
                .join();
    }

    /** Returns the identity, or null if it is of another application, realm or version of Gatehouse. */
    static @Nullable Identity decode(String encoded, Context context) {
        try {
            RememberedFields.Reader fields = new RememberedFields.Reader(encoded);
            if (!VERSION.equals(fields.next())) {
                return null;
            }
            Identity found = new Identity(
                    fields.text(),
                    fields.text(),
                    fields.next(),
                    fields.text(),
                    Boolean.parseBoolean(fields.text()),
                    fields.list());
            return found.application.equals(context.getPath()) && found.realm.equals(realm(context)) ? found : null;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /** Returns the user with the roles of the login; if they were not known, as the realm has the user now, or null. */
    @Nullable
    Principal principal(Context context) {
        return listsRoles
                ? new GenericPrincipal(user, roles)
                : context.getRealm().authenticate(user);
    }
}
