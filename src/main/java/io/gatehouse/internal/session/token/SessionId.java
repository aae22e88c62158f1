package io.gatehouse.internal.session.token;

import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * The secret id of a session: 18 random bytes (144 bits), written in tokens as 24 characters of base64url. Possession of the id
 * gives access to the session, so it is never stored, logged or displayed. The {@linkplain SessionKeys#handle() handle} names the session
 * elsewhere. Immutable.
 */
public final class SessionId {
    static final int LENGTH = 18;
    private static final int TEXT_LENGTH = 24;

    private final byte[] bytes;

    private SessionId(byte[] bytes) {
        this.bytes = bytes;
    }

    /** Returns a new random id. */
    public static SessionId random(SecureRandom random) {
        byte[] bytes = new byte[LENGTH];
        random.nextBytes(bytes);
        return new SessionId(bytes);
    }

    /** Returns the id that starts a derived key, which must be secret. */
    public static SessionId derived(byte[] key) {
        return new SessionId(Arrays.copyOf(key, LENGTH));
    }

    /** Parses the text form of an id; returns null if the text is malformed. */
    static @Nullable SessionId parse(String text) {
        if (text.length() != TEXT_LENGTH) {
            return null;
        }
        try {
            return new SessionId(Base64.getUrlDecoder().decode(text));
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /** Returns the public id of a session, which applications get from {@code HttpSession.getId()}. It is not a secret. */
    public static String publicId(SessionKeys sessionKeys, long epoch) {
        return sessionKeys.handle() + "." + epoch;
    }

    byte[] bytes() {
        return bytes.clone();
    }

    /** Returns the text form, for tokens only. */
    String text() {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof SessionId id && Arrays.equals(bytes, id.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return "***";
    }
}
