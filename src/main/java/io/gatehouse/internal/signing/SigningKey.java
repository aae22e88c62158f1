package io.gatehouse.internal.signing;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReferenceArray;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** One key of the ring: its public id and the keys derived from its secret. Immutable. */
final class SigningKey {
    /** The shortest secret in bytes. HMAC-SHA256 gains no strength from more. */
    static final int LENGTH = 32;

    private static final String ALGORITHM = "HmacSHA256";
    private static final byte[] SALT = "gatehouse".getBytes(StandardCharsets.US_ASCII);

    private final String kid;
    private final Map<KeyPurpose, Derived> derived = new EnumMap<>(KeyPurpose.class);

    /** The number of MACs that are kept for reuse, a power of two. */
    private static final int IDLE = 8;

    /**
     * A derived key with an initialized MAC, which is only cloned and never updated: cloning is cheaper than initializing another MAC. A clone
     * is 1 KB, so idle ones are kept, in a place that depends on the thread.
     */
    private record Derived(SecretKeySpec key, Mac mac, AtomicReferenceArray<@Nullable Mac> idle) {}

    SigningKey(String kid, byte[] secret) {
        this.kid = kid;
        for (KeyPurpose keyPurpose : KeyPurpose.values()) {
            SecretKeySpec key = hmacKey(derive(SALT, secret, keyPurpose.info()));
            derived.put(keyPurpose, new Derived(key, initialized(key), new AtomicReferenceArray<>(IDLE)));
        }
    }

    /** Returns the first {@value #LENGTH} bytes of HKDF-SHA256 (RFC 5869). They are its first block, which takes two HMACs. */
    static byte[] derive(byte[] salt, byte[] secret, byte[] info) {
        byte[] pseudoRandomKey = initialized(hmacKey(salt)).doFinal(secret);
        Mac expand = initialized(hmacKey(pseudoRandomKey));
        expand.update(info);
        expand.update((byte) 1); // the number of the block
        return expand.doFinal();
    }

    private static SecretKeySpec hmacKey(byte[] key) {
        return new SecretKeySpec(key, ALGORITHM);
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

    /** Returns the HMAC-SHA256 of the parts, each preceded by its length in four bytes, with the derived key of a purpose. */
    byte[] hmac(KeyPurpose keyPurpose, byte[]... parts) {
        Derived of = derived.get(keyPurpose);
        if (of == null) {
            throw new IllegalStateException("no key for " + keyPurpose);
        }
        int place = (int) Thread.currentThread().getId() & (IDLE - 1);
        Mac idle = of.idle().getAndSet(place, null);
        Mac mac = idle == null ? clone(of) : idle;
        byte[] length = new byte[Integer.BYTES];
        for (byte[] part : parts) {
            length[0] = (byte) (part.length >>> 24);
            length[1] = (byte) (part.length >>> 16);
            length[2] = (byte) (part.length >>> 8);
            length[3] = (byte) part.length;
            mac.update(length);
            mac.update(part);
        }
        byte[] tag = mac.doFinal();
        of.idle().lazySet(place, mac); // reset by doFinal
        return tag;
    }

    private static Mac clone(Derived of) {
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
