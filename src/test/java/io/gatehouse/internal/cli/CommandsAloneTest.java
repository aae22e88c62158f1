package io.gatehouse.internal.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.internal.cli.Console.Ended;
import io.gatehouse.testing.RedisTest;
import io.gatehouse.testing.TestRedis;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.RedisClient;

/** Tests commands without a live node. */
@RedisTest
class CommandsAloneTest {
    private final TestRedis redis;

    @TempDir
    private Path folder = Path.of("");

    CommandsAloneTest(TestRedis redis) {
        this.redis = redis;
    }

    private Console console() {
        return Console.of(redis.url());
    }

    private static List<String> lines(String text) {
        return text.lines().toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"warm", "cleanup", "session_cleanup", "jobs start warm-users"})
    void refusesARunIfNoNodeIsAlive(String command) {
        Ended ended = console().run(command.split(" "));
        assertThat(ended.code()).as(ended.errors()).isEqualTo(1);
        assertThat(ended.errors()).contains("No node of the application is alive");
        assertThat(ended.out()).isEmpty();
        assertThat(console().run("jobs", "list").out()).contains("no jobs");
    }

    /** Makes a node known that has died a moment ago. */
    private void announce(String jobs) {
        try (RedisClient client = redis.client()) {
            client.hset("gatehouse:{shop.j}:n", "dead", "99999999999999 " + jobs);
            client.pexpire("gatehouse:{shop.j}:n", 60_000);
        }
    }

    @Test
    void namesTheJobsThatNodesKnow() {
        announce("send-invoices warm-all");
        Ended ended = console().run("jobs", "start", "send-invoice");
        assertThat(ended.code()).isEqualTo(2);
        assertThat(ended.errors())
                .contains("No node knows the job 'send-invoice'; expected one of send-invoices, warm-all");
    }

    @ParameterizedTest
    @ValueSource(strings = {"warm", "cleanup", "session_cleanup", "jobs start warm-users"})
    void cancelsARunThatNoNodeTakes(String command) {
        announce("warm-all clean-up-sessions clean-up-rate-limits warm-users");
        String[] words = (command + " --timeout 1").split(" ");
        Ended ended = console().run(words);
        assertThat(ended.code()).as(ended.errors()).isEqualTo(1);
        assertThat(ended.errors())
                .contains("no node of the application shop took the run within 1 s")
                .contains("no node is alive");
        assertThat(ended.out()).isEmpty();
        JsonObject run = console()
                .run("jobs", "list", "--json")
                .json()
                .getJsonArray("jobs")
                .getJsonObject(0);
        assertThat(run.getString("state")).isEqualTo("cancelled");
    }

    @Test
    void showsAndCancelsARunSubmittedWithoutWaiting() {
        announce("warm-all");
        String id = console().run("warm", "--no-wait").out().strip();
        assertThat(console().run("jobs", "show", id).out()).contains("queued").contains("warm-all");
        assertThat(console().run("jobs", "list").out()).contains(id);
        assertThat(console().run("jobs", "cancel", id, "--dry-run").out())
                .contains("would cancel the run, which is queued");
        assertThat(console().run("jobs", "cancel", id).out()).startsWith("cancelled");
        assertThat(console().run("jobs", "cancel", "nonsense").code()).isEqualTo(2);
        assertThat(console().run("jobs", "show", "A".repeat(22)).code()).isEqualTo(1);
        assertThat(console().run("jobs", "start", "nonsense").code()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"-", "--", "--json"})
    void acceptsHandlesAndIdsThatLookLikeOptions(String beginning) {
        String name = beginning + "A".repeat(22 - beginning.length());
        assertThat(console().run("sessions", "show", name).code()).isEqualTo(1);
        assertThat(console().run("sessions", "terminate", name).code()).isEqualTo(1);
        assertThat(console().run("jobs", "show", name).code()).isEqualTo(1);
        assertThat(console().run("jobs", "cancel", name).code()).isEqualTo(1);
        assertThat(console().run("limits", "release", name).out()).startsWith("nothing to release");
        assertThat(console()
                        .run("sessions", "show", "--", "-h" + "A".repeat(20))
                        .code())
                .isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "warm",
                "invalidate --scope user --key 42",
                "invalidate --pattern oauth:*",
                "invalidate --region user",
                "invalidate --tag t",
                "cleanup",
                "session_cleanup --key alice",
                "reset_rate_limits --scope ip --key 203.0.113.7",
                "reset_rate_limits --scope account --key alice",
                "sessions terminate --user alice",
                "sessions terminate --all",
                "jobs start warm-users"
            })
    void changesNothingInADryRun(String command) {
        announce("warm-all warm-users clean-up-sessions");
        console().run("warm", "--no-wait");
        Map<String, String> before = contentOfRedis();
        assertThat(before).isNotEmpty();
        Ended ended = console().run((command + " --dry-run").split(" "));
        assertThat(ended.code()).as(ended.errors()).isZero();
        assertThat(ended.out()).startsWith("would ");
        assertThat(console()
                        .run((command + " --dry-run --json").split(" "))
                        .json()
                        .getBoolean("dryRun"))
                .isTrue();
        assertThat(contentOfRedis()).isEqualTo(before);
    }

    private Map<String, String> contentOfRedis() {
        Map<String, String> all = new TreeMap<>();
        try (RedisClient client = redis.client()) {
            redis.keys().forEach(key -> all.put(key, HexFormat.of().formatHex(client.dump(key))));
        }
        return all;
    }

    @Test
    void verifyExitsAccordingToTheFailLevel() {
        Ended ended = console().run("verify", "--json");
        assertThat(ended.code()).as(ended.out()).isZero();
        assertThat(ended.json().getInt("errors")).isZero();
        assertThat(ended.json().getInt("warnings")).isPositive();
        assertThat(ended.errors()).contains("gatehouse: checking connectivity");
        Ended strict = console().run("verify", "--fail-level", "warning");
        assertThat(strict.code()).isEqualTo(3);
        assertThat(strict.out())
                .containsPattern("GH-W\\d{3} warning, .*\\R  found: ")
                .contains("  do:    ");
        Ended unreachable =
                console().set("REDIS_SESSION_URL", "redis://127.0.0.1:1/0").run("verify");
        assertThat(unreachable.code()).isEqualTo(3);
        assertThat(unreachable.out()).contains("GH-E001 error, sessions");
        assertThat(console().set("GATEHOUSE_KEYS", "").run("verify").out()).contains("GH-E021");
        assertThat(console().run("verify", "--fail-level", "nonsense").code()).isEqualTo(2);
        assertThat(redis.keys()).isEmpty();
    }

    @Test
    void rejectsAMissingApplicationNameAndShowsBothWaysToSetIt() {
        Console nameless = console().without("GATEHOUSE_APPLICATION");
        Ended ended = nameless.run("sessions", "list");
        assertThat(ended.code()).isEqualTo(2);
        assertThat(ended.errors()).contains("--application NAME").contains("GATEHOUSE_APPLICATION");
        assertThat(nameless.run("sessions", "list", "--application", "shop").code())
                .isZero();
    }

    @Test
    void reportsEveryProblemOfTheConfiguration() {
        Ended ended = console()
                .set("GATEHOUSE_KEYS", "k:short")
                .set("REDIS_CONNECTION_POOL_SIZE", "many")
                .run("stats");
        assertThat(ended.code()).isEqualTo(2);
        assertThat(lines(ended.errors()))
                .hasSizeGreaterThanOrEqualTo(2)
                .anyMatch(line -> line.startsWith("gatehouse: GATEHOUSE_KEYS is '***' (environment)"))
                .anyMatch(line -> line.contains("REDIS_CONNECTION_POOL_SIZE"));
        assertThat(ended.errors()).doesNotContain("short");
    }

    @Test
    void readsSettingsFromAFileBelowTheEnvironment() throws IOException {
        Path file = Files.writeString(
                folder.resolve("shop.properties"), "GATEHOUSE_APPLICATION=other\nGATEHOUSE_KEY_PREFIX=mine\n");
        JsonObject config = console()
                .run("config", "--set", "--json", "--config", file.toString())
                .json();
        List<JsonObject> settings = config.getJsonArray("settings").getValuesAs(JsonObject.class);
        assertThat(settings)
                .anySatisfy(setting -> {
                    assertThat(setting.getString("name")).isEqualTo("GATEHOUSE_KEY_PREFIX");
                    assertThat(setting.getString("value")).isEqualTo("mine");
                    assertThat(setting.getString("source")).isEqualTo(file.toString());
                })
                .anySatisfy(setting -> {
                    assertThat(setting.getString("name")).isEqualTo("GATEHOUSE_APPLICATION");
                    assertThat(setting.getString("value")).isEqualTo("shop");
                });
        assertThat(console()
                        .run("stats", "--config", folder.resolve("none").toString())
                        .code())
                .isEqualTo(2);
    }

    private static Console november() {
        return new Console().at("2026-11-25T09:00:00Z");
    }

    @Test
    void generatesUsableKeysWithUniqueIds() {
        Ended first = november().run("keys", "generate");
        assertThat(first.out()).startsWith("2026-11:");
        Ended second = november().set("GATEHOUSE_KEYS", first.out().strip()).run("keys", "generate");
        assertThat(second.out()).startsWith("2026-11-2:");
        Console both = new Console()
                .set("GATEHOUSE_KEYS", second.out().strip() + "," + first.out().strip());
        assertThat(both.run("keys", "status", "--json").out().strip())
                .isEqualTo("{\"keys\":[{\"kid\":\"2026-11-2\",\"signs\":true},{\"kid\":\"2026-11\",\"signs\":false}]}");
        assertThat(both.run("keys", "status").out()).contains("To replace the signing key");
        assertThat(new Console().run("keys", "status").code()).isEqualTo(2);
    }

    @Test
    void reportsThatTheCacheIsDisabled() {
        Ended ended = console().set("GATEHOUSE_CACHE_ENABLED", "False").run("warm");
        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.errors()).contains("GATEHOUSE_CACHE_ENABLED is False");
        assertThat(console()
                        .set("GATEHOUSE_CACHE_ENABLED", "False")
                        .run("stats")
                        .out())
                .contains("Cache: disabled");
    }

    @Test
    void reportsWrongUsageInAFewLines() {
        for (String command : List.of(
                "",
                "wram",
                "warm --scoop user",
                "invalidate",
                "invalidate --scope user",
                "invalidate --tag t --region r",
                "invalidate --pattern *",
                "invalidate --region nonsense --dry-run",
                "reset_rate_limits",
                "reset_rate_limits --scope nonsense --key k",
                "stats --key k",
                "stats --scope ip",
                "sessions",
                "sessions terminate",
                "sessions list --limit 0",
                "sessions list --cursor nonsense",
                "limits explain GET login")) {
            Ended ended = console()
                    .run(Arrays.stream(command.split(" "))
                            .filter(word -> !word.isEmpty())
                            .toArray(String[]::new));
            assertThat(ended.code()).as(command + ": " + ended.errors()).isEqualTo(2);
            assertThat(lines(ended.errors()))
                    .as(command)
                    .hasSizeBetween(1, 4)
                    .allMatch(line -> !line.contains("\tat "));
        }
    }
}
