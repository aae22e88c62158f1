package io.gatehouse.internal.session.token;

import io.gatehouse.internal.signing.KeyPurpose;
import io.gatehouse.internal.signing.KeyRing;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;

/**
 * Writes and reads session tokens. The token of a session without a user is {@code v1.<kid>.<id>.<epoch>.<expires>.<mac>}; the
 * token of a session with a user is {@code v2.<kid>.<id>.<epoch>.<expires>.<user>.<mac>}.
 *
 * <p>The MAC (HMAC-SHA256) covers the application and all preceding fields. Forged, altered and expired tokens and tokens of other
 * applications are therefore rejected without a round trip to Redis. Thread-safe.
 */
public final class TokenCodec {
    /** Longer texts are rejected before they are hashed; every valid token is shorter. */
    static final int MAX_LENGTH = 512;

    private static final String WITHOUT_USER = "v1";
    private static final int PARTS_WITHOUT_USER = 6;
    private static final String WITH_USER = "v2";
    private static final int PARTS_WITH_USER = 7;
    private static final int USER = 5;
    private static final Duration CLOCK_TOLERANCE = Duration.ofMinutes(1);

    private final KeyRing keys;
    private final byte[] application;
    private final InstantSource clock;

    public TokenCodec(KeyRing keys, String application, InstantSource clock) {
        this.keys = keys;
        this.application = application.getBytes(StandardCharsets.UTF_8);
        this.clock = clock;
    }

    /** The outcome of reading a token. */
    public sealed interface Reading {}

    /** The token is genuine and has not expired. */
    public record Genuine(SessionToken token) implements Reading {}

    /** The token was rejected, for a reason that is counted. */
    public record Refused(SessionEvent reason) implements Reading {}

    /** Signs a token and returns its text. */
    public String write(SessionToken token) {
        String userTag = token.userTag();
        String claims = (userTag == null ? WITHOUT_USER : WITH_USER)
                + '.'
                + token.kid()
                + '.'
                + token.id().text()
                + '.'
                + token.epoch()
                + '.'
                + token.expiresAt()
                + (userTag == null ? "" : '.' + userTag);
        return claims + '.' + encode(keys.tag(token.kid(), KeyPurpose.TOKEN, application, ascii(claims)));
    }

    /** Verifies and parses a token. */
    public Reading read(String text) {
        if (text.length() > MAX_LENGTH) {
            return new Refused(SessionEvent.TOKEN_MALFORMED);
        }
        String[] parts = text.split("\\.", -1);
        boolean withUser = parts.length == PARTS_WITH_USER && parts[0].equals(WITH_USER);
        boolean wellFormed = withUser || (parts.length == PARTS_WITHOUT_USER && parts[0].equals(WITHOUT_USER));
        SessionId id = wellFormed ? SessionId.parse(parts[2]) : null;
        if (id == null) {
            return new Refused(SessionEvent.TOKEN_MALFORMED);
        }
        if (!keys.knows(parts[1])) {
            return new Refused(SessionEvent.TOKEN_UNKNOWN_KEY);
        }
        byte[] claims = ascii(text.substring(0, text.lastIndexOf('.')));
        String macText = parts[parts.length - 1];
        byte[] mac;
        try {
            mac = Base64.getUrlDecoder().decode(macText);
        } catch (IllegalArgumentException e) {
            return new Refused(SessionEvent.TOKEN_MALFORMED);
        }
        boolean canonical = mac.length == KeyRing.TAG_LENGTH && encode(mac).equals(macText);
        if (!canonical || !keys.verifies(parts[1], KeyPurpose.TOKEN, mac, application, claims)) {
            return new Refused(SessionEvent.TOKEN_FORGED);
        }
        SessionToken token = new SessionToken( // the numbers are valid, because the MAC is
                parts[1], id, Long.parseLong(parts[3]), Long.parseLong(parts[4]), withUser ? parts[USER] : null);
        return isExpired(token) ? new Refused(SessionEvent.TOKEN_EXPIRED) : new Genuine(token);
    }

    /** Returns whether the absolute end of a session has passed, with a tolerance for clocks that differ. */
    public boolean isExpired(SessionToken token) {
        long seconds = Math.floorDiv(clock.millis() - CLOCK_TOLERANCE.toMillis(), 1000L);
        return token.expiresAt() > 0 && seconds >= token.expiresAt();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String encode(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
