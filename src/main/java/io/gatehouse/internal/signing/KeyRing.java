package io.gatehouse.internal.signing;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * The signing keys of one application. The first key signs and all keys verify, so that keys can be replaced without logging
 * users out. Immutable; thread-safe.
 *
 * <p>A tag covers several parts, each preceded by its length in four bytes, so that no two lists of parts have the same
 * input.
 */
public final class KeyRing {
    /** The number of bytes of a tag that is not truncated. */
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

    /** Returns the id of the key that signs. */
    public String currentKid() {
        return currentKid;
    }

    /** Returns the ids of all keys, that of the signing key first. */
    public List<String> kids() {
        return List.copyOf(keys.keySet());
    }

    /** Returns whether the ring has a key with this id. */
    public boolean knows(String kid) {
        return keys.containsKey(kid);
    }

    /**
     * Returns the HMAC-SHA256 (RFC 2104) of the parts, 32 bytes.
     *
     * @throws IllegalArgumentException if the ring has no such key
     */
    public byte[] tag(String kid, KeyPurpose keyPurpose, byte[]... parts) {
        return key(kid).hmac(keyPurpose, parts);
    }

    /**
     * Returns whether a tag, whole or truncated to no less than 16 bytes, is that of the parts. Takes the same time wherever
     * a wrong tag differs.
     */
    public boolean verifies(String kid, KeyPurpose keyPurpose, byte[] tag, byte[]... parts) {
        if (!knows(kid) || tag.length < SHORTEST_TAG || tag.length > TAG_LENGTH) {
            return false;
        }
        return MessageDigest.isEqual(tag, Arrays.copyOf(tag(kid, keyPurpose, parts), tag.length));
    }

    /**
     * Encrypts bytes with AES-256-GCM (NIST SP 800-38D). Each context has a derived key of its own, so that one key never
     * encrypts enough messages for random nonces to repeat.
     *
     * @param context what the key is derived for, such as one session
     * @param associated authenticated data, which {@link #open} needs again
     * @return nonce, ciphertext and tag
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
            throw new IllegalStateException("this Java runtime has no AES-256-GCM", e);
        }
    }

    /** Returns the decrypted bytes, or null if the key, the context, the associated data or the ciphertext does not fit. */
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
}
