package io.gatehouse.session;

import io.gatehouse.signing.KeyRing;
import io.gatehouse.signing.Purpose;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;

/**
 * Writes and reads tokens, {@code v1.<kid>.<id>.<epoch>.<expires>.<mac>}, the values of our cookies.
 *
 * <p>The MAC covers the application and everything before it, so that a forged, foreign, outdated or altered token is
 * refused here and Redis is never asked. Safe for use by several threads.
 */
final class Tokens {
    /** Longer than any token of ours, and not worth hashing. */
    static final int LONGEST = 512;

    private static final String VERSION = "v1";
    private static final int PARTS = 6;
    private static final Duration CLOCK_TOLERANCE = Duration.ofMinutes(1);

    private final KeyRing keys;
    private final byte[] application;
    private final InstantSource clock;

    Tokens(KeyRing keys, String application, InstantSource clock) {
        this.keys = keys;
        this.application = application.getBytes(StandardCharsets.UTF_8);
        this.clock = clock;
    }

    /** What reading a cookie gave. */
    sealed interface Reading {}

    /** Ours, and not past its absolute end. */
    record Genuine(SessionToken token) implements Reading {}

    /** Not to be believed, for a reason that is counted. */
    record Refused(SessionEvent reason) implements Reading {}

    String write(SessionToken token) {
        String claims =
                VERSION + '.' + token.kid() + '.' + token.id().text() + '.' + token.epoch() + '.' + token.expiresAt();
        return claims + '.' + encode(keys.tag(token.kid(), Purpose.TOKEN, application, ascii(claims)));
    }

    Reading read(String text) {
        if (text.length() > LONGEST) {
            return new Refused(SessionEvent.TOKEN_MALFORMED);
        }
        String[] parts = text.split("\\.", -1);
        SessionId id = parts.length == PARTS && parts[0].equals(VERSION) ? SessionId.parse(parts[2]) : null;
        if (id == null) {
            return new Refused(SessionEvent.TOKEN_MALFORMED);
        }
        if (!keys.knows(parts[1])) {
            return new Refused(SessionEvent.TOKEN_UNKNOWN_KEY);
        }
        byte[] claims = ascii(text.substring(0, text.lastIndexOf('.')));
        byte[] mac;
        try {
            mac = Base64.getUrlDecoder().decode(parts[5]);
        } catch (IllegalArgumentException e) {
            return new Refused(SessionEvent.TOKEN_MALFORMED);
        }
        boolean oneSpelling = mac.length == KeyRing.TAG_LENGTH && encode(mac).equals(parts[5]);
        if (!oneSpelling || !keys.verifies(parts[1], Purpose.TOKEN, mac, application, claims)) {
            return new Refused(SessionEvent.TOKEN_FORGED);
        }
        long expiresAt = Long.parseLong(parts[4]); // signed by us, so it is a number
        if (expiresAt > 0 && clock.instant().minus(CLOCK_TOLERANCE).getEpochSecond() >= expiresAt) {
            return new Refused(SessionEvent.TOKEN_EXPIRED);
        }
        return new Genuine(new SessionToken(parts[1], id, Long.parseLong(parts[3]), expiresAt));
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String encode(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
