package io.gatehouse.internal.signing;

import at.favre.lib.hkdf.HKDF;
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
        byte[] pseudoRandomKey = HKDF.fromHmacSha256().extract(SALT, secret);
        for (KeyPurpose keyPurpose : KeyPurpose.values()) {
            byte[] key = HKDF.fromHmacSha256().expand(pseudoRandomKey, keyPurpose.info(), LENGTH);
            SecretKeySpec keySpec = new SecretKeySpec(key, ALGORITHM);
            derived.put(keyPurpose, new Derived(keySpec, initialized(keySpec), new AtomicReferenceArray<>(IDLE)));
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
