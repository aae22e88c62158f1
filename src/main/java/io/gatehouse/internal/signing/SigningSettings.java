package io.gatehouse.internal.signing;

import io.gatehouse.ProblemCode;
import io.gatehouse.internal.config.Config;
import io.gatehouse.internal.config.Secret;
import io.gatehouse.internal.config.Setting;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.BitSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Reads the key ring and rejects keys that protect nothing: short keys, keys of low entropy and keys printed in the documentation. */
public final class SigningSettings {
    public static final Setting<Secret> KEYS = Setting.secret(
            "GATEHOUSE_KEYS",
            "Signing keys as `kid:base64url,kid:base64url`. The first key signs, all verify. At least 32 random bytes each. Required.");

    /** All settings of this package. */
    public static final List<Setting<?>> ALL = List.of(KEYS);

    private static final Pattern KID = Pattern.compile("[A-Za-z0-9_-]{1,16}");

    private SigningSettings() {}

    /** Returns the key ring, or nothing if the setting is invalid; the problems are then added to the configuration. */
    public static Optional<KeyRing> from(Config config) {
        List<SigningKey> keys = new ArrayList<>();
        List<Fault> faults = new ArrayList<>();
        for (String entry : config.read(KEYS).reveal().split(",", -1)) {
            if (!entry.isBlank()) {
                parse(entry.strip(), keys, faults);
            }
        }
        if (keys.isEmpty() && faults.isEmpty()) {
            faults.add(new Fault(
                    config.isSet(KEYS) ? ProblemCode.KEYS_INVALID : ProblemCode.KEYS_MISSING,
                    "kid:base64url with at least 32 random bytes, because there is no default key; "
                            + "make one with: openssl rand -base64 32 | tr '+/' '-_'"));
        }
        if (keys.stream().map(SigningKey::kid).distinct().count() < keys.size()) {
            faults.add(Fault.invalid("each key id once"));
        }
        faults.forEach(fault -> config.problem(fault.code(), KEYS, fault.expected()));
        return faults.isEmpty() ? Optional.of(new KeyRing(keys, new SecureRandom())) : Optional.empty();
    }

    /** A problem of a key, as the expectation that the key does not meet. */
    private record Fault(ProblemCode code, String expected) {
        static Fault invalid(String expected) {
            return new Fault(ProblemCode.KEYS_INVALID, expected);
        }
    }

    private static void parse(String entry, List<SigningKey> keys, List<Fault> faults) {
        int colon = entry.indexOf(':');
        String kid = colon < 0 ? "" : entry.substring(0, colon);
        if (!KID.matcher(kid).matches()) {
            faults.add(Fault.invalid(
                    "kid:base64url for every key, the kid of 1 to 16 letters, digits, hyphens and underscores"));
            return;
        }
        byte[] secret;
        try {
            secret = Base64.getUrlDecoder().decode(entry.substring(colon + 1));
        } catch (IllegalArgumentException e) {
            faults.add(Fault.invalid("base64url (letters, digits, - and _) after the colon of key " + kid));
            return;
        }
        if (secret.length < SigningKey.LENGTH) {
            faults.add(Fault.invalid(
                    "at least " + SigningKey.LENGTH + " bytes in key " + kid + ", which has " + secret.length));
        } else if (hasLowEntropy(secret)) {
            faults.add(Fault.invalid("random bytes in key " + kid + ", whose entropy is too low"));
        } else if (isPublished(secret)) {
            faults.add(new Fault(
                    ProblemCode.KEYS_PUBLISHED,
                    "a key of your own instead of key " + kid + ", which is printed in Gatehouse's documentation"));
        } else {
            keys.add(new SigningKey(kid, secret));
        }
    }

    /**
     * Returns whether a secret is text, a counting sequence or has few different bytes. A random key is rejected with a
     * probability below 10^-12.
     */
    private static boolean hasLowEntropy(byte[] secret) {
        int enough = SigningKey.LENGTH / 2;
        BitSet values = new BitSet();
        BitSet steps = new BitSet();
        boolean printable = true;
        for (int i = 0; i < secret.length; i++) {
            values.set(secret[i] & 0xff);
            if (i > 0) {
                steps.set((secret[i] - secret[i - 1]) & 0xff);
            }
            printable &= secret[i] >= ' ' && secret[i] < 0x7f;
        }
        return values.cardinality() < enough || steps.cardinality() < enough || printable;
    }

    private static boolean isPublished(byte[] secret) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(secret);
            return published().contains(HexFormat.of().formatHex(digest));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java runtime has no SHA-256", e);
        }
    }

    /** Returns the digests of the keys in the documentation. A test keeps the list complete. */
    private static Set<String> published() {
        try (InputStream file = SigningSettings.class.getResourceAsStream("published-keys.txt")) {
            if (file == null) {
                throw new IllegalStateException("published-keys.txt is missing in the package of SigningSettings");
            }
            return new String(file.readAllBytes(), StandardCharsets.US_ASCII)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .collect(Collectors.toUnmodifiableSet());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
