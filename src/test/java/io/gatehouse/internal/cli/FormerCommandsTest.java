package io.gatehouse.internal.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.internal.cli.Console.Ended;
import io.gatehouse.internal.session.store.RedisClockShift;
import io.gatehouse.testing.Browser;
import io.gatehouse.testing.Eventually;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tests the command lines that operators of the Django set-up know, word by word: {@code manage.py cache_management ...} and {@code
 * test_redis_setup.py}.
 */
class FormerCommandsTest extends LiveNodeFixture {
    private static Ended run(String line) {
        return console.run(line.split(" "));
    }

    private static Ended done(String line) {
        Ended ended = run(line);
        assertThat(ended.code()).as(line + ": " + ended.errors() + ended.out()).isZero();
        return ended;
    }

    @ParameterizedTest
    @CsvSource({
        "warm, warm-all succeeded",
        "warm --scope user, warm-users succeeded",
        "warm --scope user --key user123, warm-users succeeded",
        "warm --scope oauth, warm-oauth succeeded",
        "warm --scope roles, warm-roles succeeded",
        "stats, Sessions: ",
        "stats --scope ip --key 192.168.1.100, RULE",
        "health, Redis is UP",
        "cleanup, clean-up-sessions succeeded",
        "session_cleanup, clean-up-sessions succeeded",
        "session_cleanup --key user123, 0 expired sessions ended",
        "reset_rate_limits --scope ip --key 192.168.1.100, 0 counters reset",
        "sessions list, no sessions",
        "jobs list, ID",
        "keys status, KID",
        "config, NAME",
        "verify, GH-"
    })
    void everyLineWorksAsItIsWritten(String line, String beginning) {
        assertThat(done(line).out()).startsWith(beginning);
        String json = done(line + " --json").out();
        assertThat(json).startsWith("{");
    }

    @Test
    void invalidateRemovesTheKeysOfAUserAndThoseThatMatchAPattern() {
        app.gatehouse().cache().region("user").put("user123", "Alice");
        app.gatehouse().cache().region("user").put("user124", "Bob");
        done("invalidate --scope user --key user123");
        assertThat(app.gatehouse().cache().region("user").get("user123")).isEmpty();
        assertThat(app.gatehouse().cache().region("user").get("user124")).isPresent();
        done("invalidate --pattern user:*");
        assertThat(app.gatehouse().cache().region("user").get("user124")).isEmpty();
    }

    @Test
    void resetRateLimitsLetsABlockedClientIn() {
        BooleanSupplier blocked =
                () -> new Browser().get(app.url("/login?user=alice")).status() == 429;
        Eventually.holds("the address is blocked", SOON, blocked);
        assertThat(done("stats --scope ip --key 127.0.0.1 --json").out()).contains("\"exhausted\":true");
        assertThat(done("reset_rate_limits --scope ip --key 127.0.0.1").out()).startsWith("1 counter reset");
        Eventually.holds("the address is no longer blocked", SOON, () -> !blocked.getAsBoolean());
    }

    @Test
    void sessionCleanupEndsExpiredSessionsOfOneUserOrOfAll() {
        loggedIn("user123");
        loggedIn("user124");
        RedisClockShift.makeIdle(redis);
        assertThat(done("session_cleanup --key user123").out()).startsWith("1 expired session ended");
        done("session_cleanup");
        Eventually.holds("a node has notified the listeners of both", SOON, () -> DESTROYED.get() == 2);
        assertThat(sessions("sessions", "list", "--json")).isEmpty();
    }

    @Test
    void sessionsOfAUserAreShownAndTerminated() {
        loggedIn("user123");
        String handle = sessions("sessions", "list", "--user", "user123", "--json")
                .get(0)
                .getString("handle");
        assertThat(done("sessions show " + handle).out()).contains("user123");
        assertThat(done("sessions terminate " + handle).out()).startsWith("1 session ended");
        assertThat(sessions("sessions", "list", "--json")).isEmpty();
    }

    @Test
    void verifyChecksConnectivityCacheLimitsSessionsAndPerformance() {
        Ended ended = done("verify");
        assertThat(ended.out())
                .contains("ping: median", "session read: median", "rate limit decision: median", "cache get: median")
                .contains("0 errors, ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"warm --key ", "session_cleanup --key ", "invalidate --scope user --key "})
    void acceptsAnyTextAsAKeyOrSaysWhatIsWrong(String line) {
        for (String key : new String[] {"a\"b'c", "a\u0000b", "\u4e2d", "x".repeat(900), "@|red x|@"}) {
            String[] words = (line + "x").split(" ");
            words[words.length - 1] = key;
            if (line.startsWith("warm")) {
                words = new String[] {"warm", "--scope", "user", "--key", key};
            }
            Ended ended = console.run(words);
            assertThat(ended.code()).as(line + key + ": " + ended.errors()).isIn(0, 1, 2);
            assertThat(ended.errors()).doesNotContain("\tat ", "Exception");
            assertThat(ended.out()).doesNotContain("\u0000");
        }
    }
}
