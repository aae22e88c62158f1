package io.gatehouse.internal.session.token;

import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * The secret that makes a session somebody's: 18 random bytes (144 bits), in a token 24 letters of base64url. It is never
 * stored, logged or shown; others see the {@linkplain SessionKeys#handle() handle}.
 */
public final class SessionId {
    static final int LENGTH = 18;
    private static final int TEXT_LENGTH = 24;

    private final byte[] bytes;

    private SessionId(byte[] bytes) {
        this.bytes = bytes;
    }

    public static SessionId random(SecureRandom random) {
        byte[] bytes = new byte[LENGTH];
        random.nextBytes(bytes);
        return new SessionId(bytes);
    }

    /** The id with this text form, or null if no id has it. */
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

    /** What applications see as the id of a session; it opens nothing. */
    public static String publicId(SessionKeys sessionKeys, long epoch) {
        return sessionKeys.handle() + "." + epoch;
    }

    byte[] bytes() {
        return bytes.clone();
    }

    /** For the token alone. */
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
