package io.gatehouse.internal.session.store;

import io.gatehouse.internal.serialization.ByteReader;
import io.gatehouse.internal.serialization.ByteWriter;
import java.util.Map;
import java.util.TreeMap;

/**
 * The signed facts about a session, readable without its attributes. Times are milliseconds since 1970.
 *
 * @param version one more with every save
 * @param createdAt when the session was made
 * @param authenticatedAt when its user became known, or 0
 * @param expiresAt the absolute end that no use can move, or 0
 * @param idleSeconds after how much time without a request it ends, or 0 for never
 * @param epoch how often the id was changed
 * @param graceUntil until when a token of the epoch before is still good, or 0 while there was none
 * @param user whose session it is, or empty
 * @param details what else is known, such as the device; names and values of any text
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
    /** The detail that holds the {@link #identity()} of a session whose id was changed. */
    /** The detail of a session whose user asked to stay logged in. */
    public static final String REMEMBER = "remember";

    static final String IDENTITY = "identity";

    public SessionMetadata {
        details = Map.copyOf(details);
    }

    public static SessionMetadata fresh(long now, long expiresAt, long idleSeconds, Map<String, String> details) {
        return new SessionMetadata(0, now, 0, expiresAt, idleSeconds, 0, 0, "", details);
    }

    public SessionMetadata withVersion(long next) {
        return new SessionMetadata(
                next, createdAt, authenticatedAt, expiresAt, idleSeconds, epoch, graceUntil, user, details);
    }

    public SessionMetadata withEpoch(long next, long grace) {
        return new SessionMetadata(
                version, createdAt, authenticatedAt, expiresAt, idleSeconds, next, grace, user, details);
    }

    public SessionMetadata withIdleSeconds(long seconds) {
        return new SessionMetadata(
                version, createdAt, authenticatedAt, expiresAt, seconds, epoch, graceUntil, user, details);
    }

    public SessionMetadata withUser(String name, long since) {
        return new SessionMetadata(version, createdAt, since, expiresAt, idleSeconds, epoch, graceUntil, name, details);
    }

    public SessionMetadata withEnd(long end) {
        return new SessionMetadata(
                version, createdAt, authenticatedAt, end, idleSeconds, epoch, graceUntil, user, details);
    }

    /** With a detail more, or without it if the value is empty. */
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

    /** Returns whether the user asked to stay logged in on this device. */
    public boolean isRemembered() {
        return details.containsKey(REMEMBER);
    }

    /**
     * The epoch of the last change of the id without grace time. A request that was admitted with a token of an older epoch
     * has no part in the session any more.
     */
    public long identity() {
        String noted = details.get(IDENTITY);
        return noted == null ? epoch : Long.parseLong(noted.substring(0, noted.indexOf('/')));
    }

    /**
     * @param change a text that no other change of the id has. Without it two requests that change the id at the same moment
     *     could write the same record, and each would take the other's change for its own.
     */
    public SessionMetadata withIdentity(long first, String change) {
        return withDetail(IDENTITY, first + "/" + change);
    }

    /** Notes the identity of a session whose id is rotated, which has the same one as before. */
    public SessionMetadata withSameIdentity() {
        return details.containsKey(IDENTITY) ? this : withIdentity(identity(), "");
    }

    /** Whether a token of this epoch opens the session at this time. */
    public boolean accepts(long tokenEpoch, long now) {
        return tokenEpoch == epoch || (tokenEpoch >= identity() && tokenEpoch == epoch - 1 && now < graceUntil);
    }

    /** Whether a token of this epoch was replaced by a rotation and is not good any more, not even for requests under way. */
    public boolean isUsedUp(long tokenEpoch, long now) {
        return tokenEpoch >= identity() && tokenEpoch < epoch && !accepts(tokenEpoch, now);
    }

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
