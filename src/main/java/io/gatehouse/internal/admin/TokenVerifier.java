package io.gatehouse.internal.admin;

import io.gatehouse.internal.config.Secret;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Verifies tokens in a time that depends neither on how much of a token is correct nor on which of several tokens it is. */
final class TokenVerifier {
    private static final int NAME_LENGTH = 8;

    private TokenVerifier() {}

    /** Returns the name of a token in logs, the first 8 hex digits of its SHA-256, or null if the token is unknown. */
    static @Nullable String name(String presented, List<Secret> accepted) {
        byte[] digest = sha256(presented);
        boolean known = false;
        for (Secret token : accepted) {
            known |= MessageDigest.isEqual(sha256(token.reveal()), digest);
        }
        return known ? HexFormat.of().formatHex(digest).substring(0, NAME_LENGTH) : null;
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java has no SHA-256, which every Java must have", e);
        }
    }
}
