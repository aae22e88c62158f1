package io.gatehouse.sample;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Map;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/** The two users of the sample, with salted hashes of their passwords (PBKDF2-HMAC-SHA256). */
final class Users {
    private static final int ITERATIONS = 210_000;
    private static final int HASH_BITS = 256;

    private record Password(String salt, String hash) {}

    private static final Map<String, Password> USERS = Map.of(
            "alice", new Password("60ZCZpixFP6IIzxWrwCZMg==", "eu3w28+Q3qCH9ZrbCK9H87Vv/WJq+kCFbMhhBnuwOnQ="),
            "bob", new Password("g2AYNW8P2WeChXpUVQNY8A==", "RfNWTHdMMvoApeC3m9ic72hYNjoq1oKRck7gn3Sy5IU="));

    /** Compared for unknown users, so that the response takes as long as for known ones. */
    private static final Password UNKNOWN_USER = new Password("g2AYNW8P2WeChXpUVQNY8A==", "");

    private Users() {}

    static boolean isCorrect(String user, String password) {
        Password known = USERS.getOrDefault(user, UNKNOWN_USER);
        byte[] expected = Base64.getDecoder().decode(known.hash());
        return MessageDigest.isEqual(
                expected, hash(password, Base64.getDecoder().decode(known.salt())));
    }

    static byte[] hash(String password, byte[] salt) {
        try {
            PBEKeySpec spec = new PBEKeySpec(password.toCharArray(), salt, ITERATIONS, HASH_BITS);
            return SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                    .generateSecret(spec)
                    .getEncoded();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
