package io.gatehouse.internal.tomcat;

import io.gatehouse.internal.web.RememberedUser;
import io.gatehouse.internal.web.RememberedUser.Source;
import java.security.Principal;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.apache.catalina.Context;
import org.apache.catalina.Realm;
import org.apache.catalina.TomcatPrincipal;
import org.apache.catalina.realm.GenericPrincipal;
import org.apache.tomcat.util.descriptor.web.LoginConfig;
import org.jspecify.annotations.Nullable;

/** Converts users whom Tomcat has authenticated to what the session stores, and back. */
final class Identity {
    private Identity() {}

    /**
     * Returns what the session stores.
     *
     * @param rereads whether the roles will be read again, so that the realm is asked whether it can
     */
    static RememberedUser of(
            Principal principal, @Nullable String authType, Context context, boolean rereads, long now) {
        String name = exposedName(principal);
        if (!(principal instanceof GenericPrincipal known)) {
            return new RememberedUser(
                    context.getPath(), realm(context), authType, name, now, Source.EACH_REQUEST, List.of());
        }
        List<String> roles = Arrays.asList(known.getRoles());
        List<String> inRealm = rereads ? rolesInRealm(name, context) : null;
        Source source = inRealm != null && Set.copyOf(inRealm).equals(Set.copyOf(roles)) ? Source.REALM : Source.LOGIN;
        return new RememberedUser(context.getPath(), realm(context), authType, name, now, source, roles);
    }

    private static String exposedName(Principal principal) {
        Principal exposed = principal instanceof TomcatPrincipal tomcat ? tomcat.getUserPrincipal() : principal;
        return exposed.getName();
    }

    private static String realm(Context context) {
        LoginConfig login = context.getLoginConfig();
        return login == null || login.getRealmName() == null ? "" : login.getRealmName();
    }

    /** Returns the stored user, or null if it is of another application or realm. */
    static @Nullable RememberedUser decode(String encoded, Context context) {
        return RememberedUser.decode(encoded, context.getPath(), realm(context));
    }

    /** Returns the user with the roles that the realm names now, or null if the realm cannot name them without a password. */
    static @Nullable RememberedUser reread(RememberedUser user, Context context, long now) {
        List<String> roles = user.source() == Source.REALM ? rolesInRealm(user.name(), context) : null;
        return roles == null
                ? null
                : new RememberedUser(
                        user.application(), user.realm(), user.authType(), user.name(), now, Source.REALM, roles);
    }

    /** Returns the roles of an account, or null if the realm does not find it without a password. */
    private static @Nullable List<String> rolesInRealm(String name, Context context) {
        Realm realm = context.getRealm();
        return realm != null && realm.authenticate(name) instanceof GenericPrincipal found
                ? Arrays.asList(found.getRoles())
                : null;
    }

    /** Returns the user with the stored roles; if they are not stored, as the realm has the user now, or null. */
    static @Nullable Principal principal(RememberedUser user, Context context) {
        return user.source() == Source.EACH_REQUEST
                ? context.getRealm().authenticate(user.name())
                : new GenericPrincipal(user.name(), user.roles());
    }
}
