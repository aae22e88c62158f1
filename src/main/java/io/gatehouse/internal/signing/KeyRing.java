package io.gatehouse.internal.signing;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * The keys of one application: the first signs, all verify, so that keys are replaced without logging anybody out.
 *
 * <p>A tag covers several parts, each preceded by its length in four bytes, so that no two lists of parts give the same
 * input. Safe for use by several threads.
 */
public final class KeyRing {
    /** Bytes of a whole tag. */
    public static final int TAG_LENGTH = 32;

    private static final int SHORTEST_TAG = 16;
    private static final int NONCE_LENGTH = 12;
    private static final int GCM_TAG_BITS = 128;

    private final Map<String, SigningKey> keys = new LinkedHashMap<>();
    private final String currentKid;
    private final SecureRandom random;

    KeyRing(List<SigningKey> keys, SecureRandom random) {
        keys.forEach(key -> this.keys.put(key.kid(), key));
        this.currentKid = keys.get(0).kid();
        this.random = random;
    }

    /** The id of the key that signs. */
    public String currentKid() {
        return currentKid;
    }

    /** The ids of all keys, the signing one first. */
    public List<String> kids() {
        return List.copyOf(keys.keySet());
    }

    public boolean knows(String kid) {
        return keys.containsKey(kid);
    }

    /**
     * The HMAC-SHA256 (RFC 2104) of the parts, 32 bytes.
     *
     * @throws IllegalArgumentException if the ring has no such key
     */
    public byte[] tag(String kid, KeyPurpose keyPurpose, byte[]... parts) {
        return hmac(key(kid).mac(keyPurpose), parts);
    }

    /** Whether a tag, or its first 16 bytes or more, is right; the time taken does not tell how much of it is. */
    public boolean verifies(String kid, KeyPurpose keyPurpose, byte[] tag, byte[]... parts) {
        if (!knows(kid) || tag.length < SHORTEST_TAG || tag.length > TAG_LENGTH) {
            return false;
        }
        return MessageDigest.isEqual(tag, Arrays.copyOf(tag(kid, keyPurpose, parts), tag.length));
    }

    /**
     * Hides bytes by AES-256-GCM (NIST SP 800-38D) under a key of its own for each context, so that random nonces never
     * come near repeating.
     *
     * @param context what the key is derived for, such as one session
     * @param associated what {@link #open} must be given again
     * @return nonce, ciphertext, tag
     */
    public byte[] seal(String kid, byte[] context, byte[] associated, byte[] plain) {
        byte[] nonce = new byte[NONCE_LENGTH];
        random.nextBytes(nonce);
        try {
            Cipher cipher = cipher(Cipher.ENCRYPT_MODE, kid, context, nonce);
            cipher.updateAAD(associated);
            byte[] sealed = new byte[NONCE_LENGTH + cipher.getOutputSize(plain.length)];
            System.arraycopy(nonce, 0, sealed, 0, NONCE_LENGTH);
            cipher.doFinal(plain, 0, plain.length, sealed, NONCE_LENGTH);
            return sealed;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java cannot encrypt with AES-256-GCM", e);
        }
    }

    /** The bytes that were sealed, or null if anything at all does not fit. */
    public byte @Nullable [] open(String kid, byte[] context, byte[] associated, byte[] sealed) {
        if (!knows(kid) || sealed.length < NONCE_LENGTH) {
            return null;
        }
        byte[] nonce = Arrays.copyOf(sealed, NONCE_LENGTH);
        try {
            Cipher cipher = cipher(Cipher.DECRYPT_MODE, kid, context, nonce);
            cipher.updateAAD(associated);
            return cipher.doFinal(sealed, NONCE_LENGTH, sealed.length - NONCE_LENGTH);
        } catch (GeneralSecurityException e) {
            return null;
        }
    }

    private Cipher cipher(int mode, String kid, byte[] context, byte[] nonce) throws GeneralSecurityException {
        SecretKeySpec key = new SecretKeySpec(tag(kid, KeyPurpose.ENCRYPTION, context), "AES");
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, key, new GCMParameterSpec(GCM_TAG_BITS, nonce));
        return cipher;
    }

    private SigningKey key(String kid) {
        SigningKey key = keys.get(kid);
        if (key == null) {
            throw new IllegalArgumentException("no key " + kid + " in the ring");
        }
        return key;
    }

    private static byte[] hmac(Mac mac, byte[]... parts) {
        for (byte[] part : parts) {
            mac.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, part.length));
            mac.update(part);
        }
        return mac.doFinal();
    }
}
