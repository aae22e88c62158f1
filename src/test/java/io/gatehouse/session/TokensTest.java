package io.gatehouse.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.signing.KeyRing;
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

/** What is believed of a cookie before Redis is asked. */
class TokensTest {
    private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final String KEY_A = "a:" + App.randomKey();
    private static final String KEY_B = "b:" + App.randomKey();

    private final Tokens tokens = tokens(Keys.ring(KEY_A), "app");

    @Test
    void aSessionTokenIsReadBack() {
        SessionToken token = token("a", NOW.getEpochSecond() + 3600);
        assertThat(tokens.read(tokens.write(token))).isEqualTo(new Tokens.Genuine(token));
    }

    @Test
    void isReadableTextThatNeedsNoQuotes() {
        assertThat(tokens.write(token("a", 1795492833)))
                .matches("v1\\.a\\.[A-Za-z0-9_-]{24}\\.3\\.1795492833\\.[A-Za-z0-9_-]{43}");
    }

    @Test
    void carriesTheUsersTagUnderTheSameMac() {
        SessionToken token = new SessionToken("a", SessionId.random(RANDOM), 3, 1795492833, "tagOfAUser");
        String text = tokens.write(token);
        assertThat(text).matches("v2\\.a\\.[A-Za-z0-9_-]{24}\\.3\\.1795492833\\.tagOfAUser\\.[A-Za-z0-9_-]{43}");
        assertThat(tokens.read(text)).isEqualTo(new Tokens.Genuine(token));
        for (String altered : List.of(
                text.replace("tagOfAUser", "tagOfBUser"),
                text.replace(".tagOfAUser", ""),
                text.replace("v2", "v1"),
                text.replace(".tagOfAUser", "").replace("v2", "v1"))) {
            assertThat(tokens.read(altered)).isInstanceOf(Tokens.Refused.class);
        }
    }

    @Test
    void refusesATokenInWhichAnyBitWasFlipped() {
        String text = tokens.write(token("a", 0));
        for (int i = 0; i < text.length(); i++) {
            for (int bit = 0; bit < 7; bit++) {
                char[] flipped = text.toCharArray();
                flipped[i] ^= (char) (1 << bit);
                assertThat(tokens.read(new String(flipped)))
                        .as("bit %d of character %d", bit, i)
                        .isInstanceOf(Tokens.Refused.class);
            }
        }
    }

    /** The last letter of 32 bytes in base64 has two bits that do not count; a lax decoder would take four spellings for one. */
    @Test
    void refusesAnotherSpellingOfTheSameMac() {
        String text = tokens.write(token("a", 0));
        String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        String start = text.substring(0, text.length() - 1);
        assertThat(alphabet.chars()
                        .mapToObj(letter -> start + (char) letter)
                        .filter(spelling -> tokens.read(spelling) instanceof Tokens.Genuine))
                .containsExactly(text);
        assertThat(tokens.read(text + "=")).isInstanceOf(Tokens.Refused.class);
    }

    @Test
    void aTruncatedSessionTokenIsRefused() {
        String text = tokens.write(token("a", 0));
        for (int length = 0; length < text.length(); length++) {
            assertThat(tokens.read(text.substring(0, length))).isInstanceOf(Tokens.Refused.class);
        }
    }

    @Test
    void aSessionTokenOfAnotherApplicationIsRefused() {
        String foreign = tokens(Keys.ring(KEY_A), "other").write(token("a", 0));
        assertThat(tokens.read(foreign)).isEqualTo(new Tokens.Refused(SessionEvent.TOKEN_FORGED));
    }

    @Test
    void refusesATokenOfAKeyThatWasForgotten() {
        String old = tokens(Keys.ring(KEY_B), "app").write(token("b", 0));
        assertThat(tokens.read(old)).isEqualTo(new Tokens.Refused(SessionEvent.TOKEN_UNKNOWN_KEY));
    }

    @Test
    void acceptsATokenOfAnOlderKeyThatIsStillInTheRing() {
        SessionToken token = token("a", 0);
        String old = tokens.write(token);
        assertThat(tokens(Keys.ring(KEY_B + "," + KEY_A), "app").read(old)).isEqualTo(new Tokens.Genuine(token));
    }

    @Test
    void refusesATokenAfterItsAbsoluteEndWithAMinuteForClocksThatDiffer() {
        assertThat(tokens.read(tokens.write(token("a", NOW.getEpochSecond() - 59))))
                .isInstanceOf(Tokens.Genuine.class);
        assertThat(tokens.read(tokens.write(token("a", NOW.getEpochSecond() - 60))))
                .isEqualTo(new Tokens.Refused(SessionEvent.TOKEN_EXPIRED));
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
    void refusesWhatIsNoTokenAtAll(String text) {
        assertThat(tokens.read(text)).isInstanceOf(Tokens.Refused.class);
    }

    @Test
    void randomTextIsNoSessionToken() {
        Cases.seeded(2000, draws -> assertThat(tokens.read(draws.text())).isInstanceOf(Tokens.Refused.class));
    }

    @Test
    void refusesOversizedTextWithoutReadingIt() {
        assertThat(tokens.read("v1.a." + "x".repeat(5000))).isEqualTo(new Tokens.Refused(SessionEvent.TOKEN_MALFORMED));
    }

    @Test
    void neitherTheHandleNorTheRedisKeyOpensASession() {
        KeySpace space = new KeySpace(Keys.ring(KEY_A), "gatehouse", "app");
        Location location = space.locate("a", SessionId.random(RANDOM));
        String recordKey = new String(location.recordKey(), java.nio.charset.StandardCharsets.UTF_8);
        for (String known : new String[] {location.handle(), location.lookup(), recordKey, location.handle() + ".0"}) {
            assertThat(tokens.read(known)).isInstanceOf(Tokens.Refused.class);
            assertThat(tokens.read("v1.a." + known + ".0.0.x")).isInstanceOf(Tokens.Refused.class);
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
    void sessionTokensNeverShowAnId() {
        SessionToken token = token("a", 0);
        assertThat(token.toString()).doesNotContain(token.id().text());
        assertThat(new Tokens.Genuine(token).toString())
                .doesNotContain(token.id().text());
    }

    private static SessionToken token(String kid, long expiresAt) {
        return new SessionToken(kid, SessionId.random(RANDOM), 3, expiresAt, null);
    }

    private static Tokens tokens(KeyRing ring, String application) {
        return new Tokens(ring, application, () -> NOW);
    }
}
