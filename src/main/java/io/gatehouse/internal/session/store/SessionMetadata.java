package io.gatehouse.internal.session.store;

import io.gatehouse.internal.serialization.ByteReader;
import io.gatehouse.internal.serialization.ByteWriter;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * The signed metadata of a session, which can be read without its attributes. Times are milliseconds since 1970. Immutable.
 *
 * @param version the number of saves
 * @param createdAt the time of creation
 * @param authenticatedAt the time of the user's last authentication, or 0
 * @param expiresAt the absolute end, or 0 for none
 * @param idleSeconds the idle timeout, or 0 for none
 * @param epoch the number of id changes
 * @param graceUntil the end of the grace time in which a token of the previous epoch is accepted, or 0 before the first change
 * @param user the name of the user, or empty
 * @param details other properties, such as the device
 */
public record SessionMetadata(
        long version,
        long createdAt,
        long authenticatedAt,
        long expiresAt,
        long idleSeconds,
        long epoch,
        long graceUntil,
        String user,
        Map<String, String> details) {
    /** The detail of a session whose user asked to stay logged in. */
    public static final String REMEMBER = "remember";

    /** The detail that holds the session of the OpenID provider in which the user logged in. */
    public static final String PROVIDER_SESSION = "oidc.sid";

    /** The detail that holds the {@link #identity()} of a session whose id was changed. */
    static final String IDENTITY = "identity";

    public SessionMetadata {
        details = Map.copyOf(details);
    }

    /** Returns the metadata of a new session. */
    public static SessionMetadata fresh(long now, long expiresAt, long idleSeconds, Map<String, String> details) {
        return new SessionMetadata(0, now, 0, expiresAt, idleSeconds, 0, 0, "", details);
    }

    /** Returns a copy with another version. */
    public SessionMetadata withVersion(long next) {
        return new SessionMetadata(
                next, createdAt, authenticatedAt, expiresAt, idleSeconds, epoch, graceUntil, user, details);
    }

    /** Returns a copy with another epoch and the end of its grace time. */
    public SessionMetadata withEpoch(long next, long grace) {
        return new SessionMetadata(
                version, createdAt, authenticatedAt, expiresAt, idleSeconds, next, grace, user, details);
    }

    /** Returns a copy with another idle timeout. */
    public SessionMetadata withIdleSeconds(long seconds) {
        return new SessionMetadata(
                version, createdAt, authenticatedAt, expiresAt, seconds, epoch, graceUntil, user, details);
    }

    /** Returns a copy with another user and the time of the authentication. */
    public SessionMetadata withUser(String name, long since) {
        return new SessionMetadata(version, createdAt, since, expiresAt, idleSeconds, epoch, graceUntil, name, details);
    }

    /** Returns a copy with another absolute end. */
    public SessionMetadata withEnd(long end) {
        return new SessionMetadata(
                version, createdAt, authenticatedAt, end, idleSeconds, epoch, graceUntil, user, details);
    }

    /** Returns a copy with a detail, or without it if the value is empty. */
    public SessionMetadata withDetail(String name, String value) {
        Map<String, String> changed = new TreeMap<>(details);
        if (value.isEmpty()) {
            changed.remove(name);
        } else {
            changed.put(name, value);
        }
        return new SessionMetadata(
                version, createdAt, authenticatedAt, expiresAt, idleSeconds, epoch, graceUntil, user, changed);
    }

    /** Returns the {@code sid} that the OpenID provider gave its session, or an empty text. */
    public String providerSession() {
        return details.getOrDefault(PROVIDER_SESSION, "");
    }

    /** Returns whether the user asked to stay logged in on this device. */
    public boolean isRemembered() {
        return details.containsKey(REMEMBER);
    }

    /**
     * Returns the epoch of the last id change without grace time. A request that was admitted with a token of an older epoch must
     * not act on the session any more.
     */
    public long identity() {
        String noted = details.get(IDENTITY);
        return noted == null ? epoch : Long.parseLong(noted.substring(0, noted.indexOf('/')));
    }

    /**
     * Returns a copy with another identity.
     *
     * @param change a text that is unique to this id change. Without it, two requests that change the id at the same time could write
     *     identical records, and each request would mistake the other's record for its own.
     */
    public SessionMetadata withIdentity(long first, String change) {
        return withDetail(IDENTITY, first + "/" + change);
    }

    /** Returns a copy that records the present identity, because a rotation changes the epoch but not the identity. */
    public SessionMetadata withSameIdentity() {
        return details.containsKey(IDENTITY) ? this : withIdentity(identity(), "");
    }

    /** Returns whether other metadata have the identity of the same id change. */
    public boolean hasSameIdentity(SessionMetadata other) {
        return Objects.equals(details.get(IDENTITY), other.details.get(IDENTITY));
    }

    /** Returns whether a token of an epoch opens the session at a time. */
    public boolean accepts(long tokenEpoch, long now) {
        return tokenEpoch == epoch || (tokenEpoch >= identity() && tokenEpoch == epoch - 1 && now < graceUntil);
    }

    /** Returns whether a rotation has replaced a token of an epoch, and its grace time has passed. */
    public boolean isReplaced(long tokenEpoch, long now) {
        return tokenEpoch >= identity() && tokenEpoch < epoch && !accepts(tokenEpoch, now);
    }

    /** Returns whether the idle timeout or the absolute end has passed. */
    public boolean isExpired(long lastAccess, long now) {
        return (expiresAt > 0 && now >= expiresAt) || (idleSeconds > 0 && now - lastAccess >= idleSeconds * 1000);
    }

    void writeTo(ByteWriter out) {
        out.number(version)
                .number(createdAt)
                .number(authenticatedAt)
                .number(expiresAt)
                .number(idleSeconds)
                .number(epoch)
                .number(graceUntil)
                .text(user)
                .number(details.size());
        new TreeMap<>(details).forEach((name, value) -> out.text(name).text(value));
    }

    static SessionMetadata readFrom(ByteReader in) {
        long version = in.number();
        long createdAt = in.number();
        long authenticatedAt = in.number();
        long expiresAt = in.number();
        long idleSeconds = in.number();
        long epoch = in.number();
        long graceUntil = in.number();
        String user = in.text();
        Map<String, String> details = new TreeMap<>();
        for (int left = in.count(); left > 0; left--) {
            details.put(in.text(), in.text());
        }
        return new SessionMetadata(
                version, createdAt, authenticatedAt, expiresAt, idleSeconds, epoch, graceUntil, user, details);
    }
}
