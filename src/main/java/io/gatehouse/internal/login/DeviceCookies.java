package io.gatehouse.internal.login;

import io.gatehouse.internal.signing.KeyPurpose;
import io.gatehouse.internal.signing.KeyRing;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * Writes and reads device cookies, {@code v2.<kid>.<exact account>.<device>.<expires>.<mac>}: they say that a browser has logged in to
 * an account before (OWASP, "Slow Down Online Guessing Attacks with Device Cookies"), and open nothing. Safe for use by several
 * threads.
 */
final class DeviceCookies {
    /** Longer than any of ours, and not worth hashing. */
    static final int LONGEST = 256;

    private static final String VERSION = "v2";
    private static final int PARTS = 6;

    private final KeyRing keys;
    private final LoginKeys names;
    private final byte[] application;
    private final Duration lifetime;
    private final InstantSource clock;

    DeviceCookies(KeyRing keys, LoginKeys names, String application, Duration lifetime, InstantSource clock) {
        this.keys = keys;
        this.names = names;
        this.application = application.getBytes(StandardCharsets.UTF_8);
        this.lifetime = lifetime;
        this.clock = clock;
    }

    /**
     * What a genuine cookie says.
     *
     * @param id which browser it is; random, and the same when its cookie is renewed
     * @param renewable whether it is time for a new cookie
     */
    record Device(String id, boolean renewable) {}

    /** The cookie that makes a browser known for an account from now on, or null if there are to be none. */
    @Nullable
    String write(byte[] account, String device) {
        if (lifetime.isZero()) {
            return null;
        }
        String kid = keys.currentKid();
        long expires = clock.instant().plus(lifetime).getEpochSecond();
        String claims = String.join(".", VERSION, kid, names.exact(kid, account), device, Long.toString(expires));
        return claims
                + '.'
                + encode(keys.tag(kid, KeyPurpose.DEVICE, application, claims.getBytes(StandardCharsets.UTF_8)));
    }

    /** The browser that a cookie is of, or null if it is not ours, not for this account, or too old. */
    @Nullable
    Device read(@Nullable String text, byte[] account) {
        if (text == null || text.length() > LONGEST || lifetime.isZero()) {
            return null;
        }
        String[] parts = text.split("\\.", -1);
        if (parts.length != PARTS || !parts[0].equals(VERSION) || !keys.knows(parts[1])) {
            return null;
        }
        byte[] mac;
        try {
            mac = Base64.getUrlDecoder().decode(parts[5]);
        } catch (IllegalArgumentException e) {
            return null;
        }
        byte[] claims = text.substring(0, text.lastIndexOf('.')).getBytes(StandardCharsets.UTF_8);
        boolean genuine = mac.length == KeyRing.TAG_LENGTH
                && encode(mac).equals(parts[5])
                && keys.verifies(parts[1], KeyPurpose.DEVICE, mac, application, claims);
        if (!genuine || !parts[2].equals(names.exact(parts[1], account))) {
            return null;
        }
        Duration left = Duration.ofSeconds(
                Long.parseLong(parts[4]) - clock.instant().getEpochSecond()); // signed by us, so it is a number
        boolean renewable = !parts[1].equals(keys.currentKid()) || left.compareTo(lifetime.dividedBy(2)) < 0;
        return left.isNegative() || left.isZero() ? null : new Device(parts[3], renewable);
    }

    private static String encode(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
