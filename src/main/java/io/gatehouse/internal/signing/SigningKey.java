package io.gatehouse.internal.signing;

import at.favre.lib.hkdf.HKDF;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.EnumMap;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** One key of the ring: its public id and the keys derived from its secret. Immutable. */
final class SigningKey {
    /** The shortest secret in bytes. HMAC-SHA256 gains no strength from more. */
    static final int LENGTH = 32;

    private static final String ALGORITHM = "HmacSHA256";
    private static final byte[] SALT = "gatehouse".getBytes(StandardCharsets.US_ASCII);

    private final String kid;
    private final Map<KeyPurpose, Derived> derived = new EnumMap<>(KeyPurpose.class);

    /** A derived key and an initialized MAC, which is only cloned and never updated: cloning is cheaper than initializing another MAC. */
    private record Derived(SecretKeySpec key, Mac mac) {}

    SigningKey(String kid, byte[] secret) {
        this.kid = kid;
        byte[] pseudoRandomKey = HKDF.fromHmacSha256().extract(SALT, secret);
        for (KeyPurpose keyPurpose : KeyPurpose.values()) {
            byte[] key = HKDF.fromHmacSha256().expand(pseudoRandomKey, keyPurpose.info(), LENGTH);
            SecretKeySpec keySpec = new SecretKeySpec(key, ALGORITHM);
            derived.put(keyPurpose, new Derived(keySpec, initialized(keySpec)));
        }
    }

    private static Mac initialized(SecretKeySpec key) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            return mac;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java runtime has no " + ALGORITHM, e);
        }
    }

    String kid() {
        return kid;
    }

    /** Returns an HMAC-SHA256 with the derived key of a purpose, for one thread. */
    Mac mac(KeyPurpose keyPurpose) {
        Derived of = derived.get(keyPurpose);
        if (of == null) {
            throw new IllegalStateException("no key for " + keyPurpose);
        }
        try {
            return (Mac) of.mac().clone();
        } catch (CloneNotSupportedException e) {
            return initialized(of.key()); // providers need not support cloning
        }
    }

    @Override
    public String toString() {
        return "SigningKey[" + kid + "]";
    }
}
