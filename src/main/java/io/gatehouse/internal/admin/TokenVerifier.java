package io.gatehouse.internal.admin;

import io.gatehouse.internal.config.Secret;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Compares tokens in a time that does not depend on how much of them is right, nor on which of several it is. */
final class TokenVerifier {
    private static final int SHOWN = 8;

    private TokenVerifier() {}

    /** What a presented token is called in logs: the begin of its SHA-256; or null if it is none of the good ones. */
    static @Nullable String name(String presented, List<Secret> good) {
        byte[] digest = sha256(presented);
        boolean known = false;
        for (Secret token : good) {
            known |= MessageDigest.isEqual(sha256(token.reveal()), digest);
        }
        return known ? HexFormat.of().formatHex(digest).substring(0, SHOWN) : null;
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
