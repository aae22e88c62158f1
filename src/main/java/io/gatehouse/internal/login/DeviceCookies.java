package io.gatehouse.internal.login;

import io.gatehouse.internal.signing.KeyPurpose;
import io.gatehouse.internal.signing.KeyRing;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * Writes and reads device cookies, {@code v2.<kid>.<exact account>.<device>.<expires>.<mac>}. A device cookie proves that a browser has
 * logged in to an account before (OWASP, "Slow Down Online Guessing Attacks with Device Cookies"). It gives no access to anything.
 * Thread-safe.
 */
final class DeviceCookies {
    /** The length above which a text cannot be a device cookie, so that it is not hashed. */
    static final int LONGEST = 256;

    private static final String VERSION = "v2";
    private static final int PARTS = 6;

    private final KeyRing keys;
    private final LoginKeys loginKeys;
    private final byte[] application;
    private final Duration lifetime;
    private final InstantSource clock;

    DeviceCookies(KeyRing keys, LoginKeys loginKeys, String application, Duration lifetime, InstantSource clock) {
        this.keys = keys;
        this.loginKeys = loginKeys;
        this.application = application.getBytes(StandardCharsets.UTF_8);
        this.lifetime = lifetime;
        this.clock = clock;
    }

    /**
     * The content of a verified cookie.
     *
     * @param id the random id of the browser, which stays the same when its cookie is renewed
     * @param renewable whether the cookie is to be replaced by a new one
     */
    record Device(String id, boolean renewable) {}

    /** Returns a cookie that makes a browser known to an account, or null if device cookies are disabled. */
    @Nullable
    String write(byte[] account, String device) {
        if (lifetime.isZero()) {
            return null;
        }
        String kid = keys.currentKid();
        long expires = clock.instant().plus(lifetime).getEpochSecond();
        String claims = String.join(".", VERSION, kid, loginKeys.exact(kid, account), device, Long.toString(expires));
        return claims
                + '.'
                + encode(keys.tag(kid, KeyPurpose.DEVICE, application, claims.getBytes(StandardCharsets.UTF_8)));
    }

    /** Returns the browser that a cookie names, or null if the cookie is forged, belongs to another account, or has expired. */
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
        if (!genuine || !parts[2].equals(loginKeys.exact(parts[1], account))) {
            return null;
        }
        Duration left = Duration.ofSeconds(
                Long.parseLong(parts[4]) - clock.instant().getEpochSecond()); // a verified cookie holds a number
        boolean renewable = !parts[1].equals(keys.currentKid()) || left.compareTo(lifetime.dividedBy(2)) < 0;
        return left.isNegative() || left.isZero() ? null : new Device(parts[3], renewable);
    }

    private static String encode(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
