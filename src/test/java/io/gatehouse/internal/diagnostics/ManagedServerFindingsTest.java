package io.gatehouse.internal.diagnostics;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.testing.ScriptedRedis;
import io.gatehouse.testing.TestRedis;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Servers that lack commands, as managed services do. {@code use-managed-redis.md} says what verify reports about them. */
class ManagedServerFindingsTest {
    private static VerifyReport reportWithout(String... commands) {
        String[] arguments = Stream.concat(
                        Stream.of("--appendonly", "yes"),
                        Stream.of(commands).flatMap(command -> Stream.of("--rename-command", command, "")))
                .toArray(String[]::new);
        try (TestRedis redis = TestRedis.start(arguments)) {
            return VerificationRunner.report(VerificationRunner.at(redis));
        }
    }

    private static List<String> errors(VerifyReport report) {
        return VerificationRunner.ids(report).stream()
                .filter(id -> id.startsWith("GH-E"))
                .toList();
    }

    @Test
    void aServerWithoutScriptsIsReported() {
        VerifyReport report = reportWithout("EVAL", "EVALSHA");
        assertThat(VerificationRunner.found(report, "GH-E012")).contains("+evalsha", "+eval");
        assertThat(errors(report)).contains("GH-E012", "GH-E030", "GH-E031", "GH-E032");
    }

    /** Services and proxies refuse scripts in words of their own. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "-ERR unknown command 'eval', with args beginning with: 'return 1' '1'\r\n",
                "-ERR unknown command `EVAL`, with args beginning with: `return 1`, `1`, \r\n",
                "-ERR command 'EVAL' is not allowed\r\n",
                "-ERR 'eval' command is not supported by this service\r\n",
                "-ERR Scripting is disabled\r\n",
                "-invalid request\r\n",
                "-NOPERM this user has no permissions to run the 'eval' command\r\n",
                "+OK\r\n",
                "$-1\r\n"
            })
    void aServiceThatRefusesScriptsInItsOwnWordsIsReported(String reply) {
        try (ScriptedRedis service = new ScriptedRedis()) {
            service.answer(reply);
            VerifyReport report = VerificationRunner.report(VerificationRunner.at(service.url()));
            assertThat(VerificationRunner.found(report, "GH-E012")).contains("+eval");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"-BUSY Redis is busy running a script.\r\n", "-OOM command not allowed\r\n", ":1\r\n"})
    void aServerThatCannotRunScriptsNowIsNotTakenForOneWithoutThem(String reply) {
        try (ScriptedRedis service = new ScriptedRedis()) {
            service.answer(reply);
            VerifyReport report = VerificationRunner.report(VerificationRunner.at(service.url()));
            assertThat(VerificationRunner.found(report, "GH-E012")).doesNotContain("eval");
        }
    }

    @Test
    void aServerWithoutEvalAloneIsReported() {
        assertThat(VerificationRunner.found(reportWithout("EVAL"), "GH-E012")).contains("+eval");
    }

    @Test
    void aServerWithoutAdministrationCommandsHasNoErrors() {
        assertThat(errors(reportWithout(
                        "CONFIG",
                        "ACL",
                        "DEBUG",
                        "MONITOR",
                        "SAVE",
                        "BGSAVE",
                        "BGREWRITEAOF",
                        "REPLICAOF",
                        "SLAVEOF",
                        "MIGRATE",
                        "MODULE",
                        "SHUTDOWN",
                        "COMMAND",
                        "LASTSAVE",
                        "OBJECT",
                        "CLUSTER",
                        "SCRIPT")))
                .isEmpty();
    }

    @Test
    void aServerWithoutRoleHasNoErrors() {
        VerifyReport report = reportWithout("ROLE");
        assertThat(errors(report)).isEmpty();
        assertThat(VerificationRunner.found(report, "GH-W003")).contains("+role");
    }

    @Test
    void aServerWithoutClientNamesIsReported() {
        VerifyReport report = reportWithout("CLIENT");
        assertThat(VerificationRunner.found(report, "GH-E012")).contains("+client|setname");
        assertThat(errors(report)).containsExactly("GH-E012");
    }

    @Test
    void aServerWithoutHelloCannotBeUsed() {
        assertThat(errors(reportWithout("HELLO"))).containsExactly("GH-E001");
    }
}
