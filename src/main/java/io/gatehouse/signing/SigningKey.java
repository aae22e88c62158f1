package io.gatehouse.signing;

import at.favre.lib.hkdf.HKDF;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.Map;
import javax.crypto.spec.SecretKeySpec;

/** One key of the ring: its id, which everybody may see, and the keys derived from its secret. */
final class SigningKey {
    /** HMAC-SHA256 gives no more than 32 bytes of strength, and less than that is refused. */
    static final int LENGTH = 32;

    private static final byte[] SALT = "gatehouse".getBytes(StandardCharsets.US_ASCII);

    private final String kid;
    private final Map<Purpose, SecretKeySpec> derived = new EnumMap<>(Purpose.class);

    SigningKey(String kid, byte[] secret) {
        this.kid = kid;
        byte[] pseudoRandomKey = HKDF.fromHmacSha256().extract(SALT, secret);
        for (Purpose purpose : Purpose.values()) {
            byte[] key = HKDF.fromHmacSha256().expand(pseudoRandomKey, purpose.info(), LENGTH);
            derived.put(purpose, new SecretKeySpec(key, "HmacSHA256"));
        }
    }

    String kid() {
        return kid;
    }

    SecretKeySpec derived(Purpose purpose) {
        SecretKeySpec key = derived.get(purpose);
        if (key == null) {
            throw new IllegalStateException("no key for " + purpose);
        }
        return key;
    }

    @Override
    public String toString() {
        return "SigningKey[" + kid + "]";
    }
}
