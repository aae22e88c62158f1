package io.gatehouse.internal.web;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A user whom a container has authenticated, as the session stores it. It contains no password, and is accepted only in the application and
 * realm in which the user has logged in. Immutable.
 *
 * @param application the context path
 * @param realm the name of the realm
 * @param authType the authentication scheme, or null
 * @param name the name of the user
 * @param since when the roles were read, in seconds since 1970
 * @param source where the roles can be read
 * @param roles the roles or groups, unless {@link Source#EACH_REQUEST} reads them
 */
public record RememberedUser(
        String application,
        String realm,
        @Nullable String authType,
        String name,
        long since,
        Source source,
        List<String> roles) {

    /** Where the roles of a user can be read. */
    public enum Source {
        /** Only the login: nothing else is known to name the same roles. */
        LOGIN,
        /** The realm as well: it named the same roles at the login, without a password. */
        REALM,
        /** The realm, which reads them for each request. */
        EACH_REQUEST
    }

    private static final String VERSION = "2";

    /** Returns the present time as {@link #since} has it. */
    public static long present() {
        return Duration.ofMillis(System.currentTimeMillis()).toSeconds();
    }

    public String encode() {
        return new RememberedFields()
                .add(VERSION)
                .add(application)
                .add(realm)
                .add(authType)
                .add(name)
                .add(Long.toString(since))
                .add(source.name())
                .addAll(roles)
                .join();
    }

    /** Returns the user, or null if it is of another application, realm or version of Gatehouse. */
    public static @Nullable RememberedUser decode(String encoded, String application, String realm) {
        try {
            RememberedFields.Reader fields = new RememberedFields.Reader(encoded);
            if (!VERSION.equals(fields.next())) {
                return null;
            }
            RememberedUser user = new RememberedUser(
                    fields.text(),
                    fields.text(),
                    fields.next(),
                    fields.text(),
                    Long.parseLong(fields.text()),
                    Source.valueOf(fields.text()),
                    fields.list());
            return user.application.equals(application) && user.realm.equals(realm) ? user : null;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /**
     * Returns whether the roles must be read again.
     *
     * @param refresh how long roles are used, or zero for until the next login
     * @param now seconds since 1970
     */
    public boolean isDue(Duration refresh, long now) {
        return source != Source.EACH_REQUEST && !refresh.isZero() && now - since >= refresh.toSeconds();
    }
}
