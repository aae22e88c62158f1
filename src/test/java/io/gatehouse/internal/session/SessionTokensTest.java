package io.gatehouse.internal.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.internal.session.TokenVerification.Absent;
import io.gatehouse.internal.session.TokenVerification.Verified;
import io.gatehouse.internal.session.token.KeyNames;
import io.gatehouse.internal.session.token.SessionEvent;
import io.gatehouse.internal.session.token.SessionId;
import io.gatehouse.internal.session.token.SessionToken;
import io.gatehouse.internal.session.token.TokenCodec;
import io.gatehouse.internal.signing.KeyRing;
import io.gatehouse.testing.App;
import io.gatehouse.testing.Keys;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** The verification of tokens: a genuine text is verified once, and is rejected once its session has ended. */
class SessionTokensTest {
    private static final KeyRing RING = Keys.ring("a:" + App.randomKey());
    private static final Instant NOW = Instant.parse("2026-11-26T20:00:00Z");

    private final AtomicReference<Instant> time = new AtomicReference<>(NOW);
    private final TokenCodec codec = new TokenCodec(RING, "app", time::get);
    private final SessionCounters counters = new SessionCounters();
    private final SessionTokens tokens = new SessionTokens(new KeyNames(RING, "gatehouse", "app"), codec, counters);
    private final SessionToken claims = new SessionToken(
            "a", SessionId.random(new SecureRandom()), 3, NOW.plusSeconds(3600).getEpochSecond(), null);

    @Test
    void aGenuineTextIsVerifiedOnce() {
        String text = codec.write(claims);
        assertThat(tokens.verify(List.of(text)))
                .isInstanceOf(Verified.class)
                .isSameAs(tokens.verify(List.of(new String(text.toCharArray()))));
    }

    @Test
    void aTextThatWasVerifiedBeforeIsRejectedAfterTheAbsoluteEnd() {
        String text = codec.write(claims);
        assertThat(tokens.verify(List.of(text))).isInstanceOf(Verified.class);
        time.set(NOW.plus(Duration.ofMinutes(61)).minusMillis(1));
        assertThat(tokens.verify(List.of(text))).isInstanceOf(Verified.class);
        time.set(NOW.plus(Duration.ofMinutes(61)));
        assertThat(tokens.verify(List.of(text))).isInstanceOf(Absent.class);
        assertThat(counters.of(SessionEvent.TOKEN_EXPIRED)).isEqualTo(1);
    }

    @Test
    void everyOtherTextIsVerifiedAndEachRejectionIsCounted() {
        String text = codec.write(claims);
        assertThat(tokens.verify(List.of(text))).isInstanceOf(Verified.class);
        for (int i = 0; i < text.length(); i++) {
            char[] changed = text.toCharArray();
            changed[i] = changed[i] == 'A' ? 'B' : 'A';
            for (int again = 0; again < 2; again++) {
                assertThat(tokens.verify(List.of(new String(changed))))
                        .as("character %d", i)
                        .isInstanceOf(Absent.class);
            }
        }
        long rejected = counters.of(SessionEvent.TOKEN_FORGED)
                + counters.of(SessionEvent.TOKEN_MALFORMED)
                + counters.of(SessionEvent.TOKEN_UNKNOWN_KEY);
        assertThat(rejected).isEqualTo(2L * text.length());
    }
}
