package io.gatehouse.internal.session.token;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.internal.signing.KeyRing;
import io.gatehouse.testing.App;
import io.gatehouse.testing.Cases;
import io.gatehouse.testing.Keys;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The verification of tokens without Redis. */
class TokenCodecTest {
    private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final String KEY_A = "a:" + App.randomKey();
    private static final String KEY_B = "b:" + App.randomKey();

    private final TokenCodec tokenCodec = tokens(Keys.ring(KEY_A), "app");

    @Test
    void aSessionTokenIsReadBack() {
        SessionToken token = token("a", NOW.getEpochSecond() + 3600);
        assertThat(tokenCodec.read(tokenCodec.write(token))).isEqualTo(new TokenCodec.Genuine(token));
    }

    @Test
    void aTokenIsValidInACookieWithoutQuotes() {
        assertThat(tokenCodec.write(token("a", 1795492833)))
                .matches("v1\\.a\\.[A-Za-z0-9_-]{24}\\.3\\.1795492833\\.[A-Za-z0-9_-]{43}");
    }

    @Test
    void theMacOfATokenCoversTheUserTag() {
        SessionToken token = new SessionToken("a", SessionId.random(RANDOM), 3, 1795492833, "tagOfAUser");
        String text = tokenCodec.write(token);
        assertThat(text).matches("v2\\.a\\.[A-Za-z0-9_-]{24}\\.3\\.1795492833\\.tagOfAUser\\.[A-Za-z0-9_-]{43}");
        assertThat(tokenCodec.read(text)).isEqualTo(new TokenCodec.Genuine(token));
        for (String altered : List.of(
                text.replace("tagOfAUser", "tagOfBUser"),
                text.replace(".tagOfAUser", ""),
                text.replace("v2", "v1"),
                text.replace(".tagOfAUser", "").replace("v2", "v1"))) {
            assertThat(tokenCodec.read(altered)).isInstanceOf(TokenCodec.Refused.class);
        }
    }

    @Test
    void rejectsATokenWithAnyFlippedBit() {
        String text = tokenCodec.write(token("a", 0));
        for (int i = 0; i < text.length(); i++) {
            for (int bit = 0; bit < 7; bit++) {
                char[] flipped = text.toCharArray();
                flipped[i] ^= (char) (1 << bit);
                assertThat(tokenCodec.read(new String(flipped)))
                        .as("bit %d of character %d", bit, i)
                        .isInstanceOf(TokenCodec.Refused.class);
            }
        }
    }

    /** The last character of 32 bytes in base64 has two unused bits; a lenient decoder would accept four encodings of one MAC. */
    @Test
    void rejectsANonCanonicalEncodingOfTheMac() {
        String text = tokenCodec.write(token("a", 0));
        String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        String start = text.substring(0, text.length() - 1);
        assertThat(alphabet.chars()
                        .mapToObj(letter -> start + (char) letter)
                        .filter(spelling -> tokenCodec.read(spelling) instanceof TokenCodec.Genuine))
                .containsExactly(text);
        assertThat(tokenCodec.read(text + "=")).isInstanceOf(TokenCodec.Refused.class);
    }

    @Test
    void rejectsATruncatedToken() {
        String text = tokenCodec.write(token("a", 0));
        for (int length = 0; length < text.length(); length++) {
            assertThat(tokenCodec.read(text.substring(0, length))).isInstanceOf(TokenCodec.Refused.class);
        }
    }

    @Test
    void rejectsATokenOfAnotherApplication() {
        String foreign = tokens(Keys.ring(KEY_A), "other").write(token("a", 0));
        assertThat(tokenCodec.read(foreign)).isEqualTo(new TokenCodec.Refused(SessionEvent.TOKEN_FORGED));
    }

    @Test
    void rejectsATokenSignedWithAnUnknownKey() {
        String old = tokens(Keys.ring(KEY_B), "app").write(token("b", 0));
        assertThat(tokenCodec.read(old)).isEqualTo(new TokenCodec.Refused(SessionEvent.TOKEN_UNKNOWN_KEY));
    }

    @Test
    void acceptsATokenSignedWithAnOlderKeyOfTheRing() {
        SessionToken token = token("a", 0);
        String old = tokenCodec.write(token);
        assertThat(tokens(Keys.ring(KEY_B + "," + KEY_A), "app").read(old)).isEqualTo(new TokenCodec.Genuine(token));
    }

    @Test
    void rejectsATokenAfterItsAbsoluteEndPlusAMinuteOfClockSkew() {
        assertThat(tokenCodec.read(tokenCodec.write(token("a", NOW.getEpochSecond() - 59))))
                .isInstanceOf(TokenCodec.Genuine.class);
        assertThat(tokenCodec.read(tokenCodec.write(token("a", NOW.getEpochSecond() - 60))))
                .isEqualTo(new TokenCodec.Refused(SessionEvent.TOKEN_EXPIRED));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                ".....",
                "v1.a.b.c.d.e",
                "v2.a.aaaaaaaaaaaaaaaaaaaaaaaa.0.0.x",
                "../../etc/passwd",
                "*",
                "{}",
                "v1.a.aaaaaaaaaaaaaaaaaaaaaaaa.0.0.!!!",
                "v1.a.aaaaaaaaaaaaaaaaaaaaaaaa.0.0.",
                "\u0000",
                "😀"
            })
    void rejectsMalformedTokens(String text) {
        assertThat(tokenCodec.read(text)).isInstanceOf(TokenCodec.Refused.class);
    }

    @Test
    void rejectsRandomText() {
        Cases.seeded(2000, draws -> assertThat(tokenCodec.read(draws.text())).isInstanceOf(TokenCodec.Refused.class));
    }

    @Test
    void rejectsAnOversizedTokenWithoutParsingIt() {
        assertThat(tokenCodec.read("v1.a." + "x".repeat(5000)))
                .isEqualTo(new TokenCodec.Refused(SessionEvent.TOKEN_MALFORMED));
    }

    @Test
    void neitherTheHandleNorTheRedisKeyOpensASession() {
        KeyNames space = new KeyNames(Keys.ring(KEY_A), "gatehouse", "app");
        SessionKeys sessionKeys = space.locate("a", SessionId.random(RANDOM));
        String recordKey = new String(sessionKeys.recordKey(), java.nio.charset.StandardCharsets.UTF_8);
        for (String known :
                new String[] {sessionKeys.handle(), sessionKeys.lookup(), recordKey, sessionKeys.handle() + ".0"}) {
            assertThat(tokenCodec.read(known)).isInstanceOf(TokenCodec.Refused.class);
            assertThat(tokenCodec.read("v1.a." + known + ".0.0.x")).isInstanceOf(TokenCodec.Refused.class);
        }
    }

    @Test
    void aMillionIdsAreAllDifferent() {
        Set<SessionId> ids = new HashSet<>();
        for (int i = 0; i < 1_000_000; i++) {
            ids.add(SessionId.random(RANDOM));
        }
        assertThat(ids).hasSize(1_000_000);
    }

    @Test
    void tokensNeverPrintTheirId() {
        SessionToken token = token("a", 0);
        assertThat(token.toString()).doesNotContain(token.id().text());
        assertThat(new TokenCodec.Genuine(token).toString())
                .doesNotContain(token.id().text());
    }

    private static SessionToken token(String kid, long expiresAt) {
        return new SessionToken(kid, SessionId.random(RANDOM), 3, expiresAt, null);
    }

    private static TokenCodec tokens(KeyRing ring, String application) {
        return new TokenCodec(ring, application, () -> NOW);
    }
}
