package io.gatehouse.serverconfig;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatehouse.internal.session.Session;
import io.gatehouse.login.LoginDecision;
import io.gatehouse.testing.App;
import io.gatehouse.testing.Browser;
import io.gatehouse.testing.TestRedis;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisAccessControlException;

/** Runs every {@code redis-cli} line of the page about it, as the page's user, against the data of an application. */
class RedisCliPageTest {
    private static final Path PAGE = Path.of("src/docs/how-to/inspect-with-redis-cli.md");
    private static final Pattern LINE =
            Pattern.compile("(?m)^(?:for b in .*; do )?redis-cli (.*?)(?:;.*| +#.*| \\| .*)?$");
    private static final Pattern WORD = Pattern.compile("'([^']*)'|\"([^\"]*)\"|(\\S+)");
    private static final Map<String, String> VARIABLES = new HashMap<>();
    private static final int BUCKETS = 64;

    private static TestRedis redis;
    private static App app;
    private static Jedis inspector;

    @BeforeAll
    static void start() throws IOException {
        redis = TestRedis.start();
        app = App.with(redis.url())
                .path("/shop")
                .set("GATEHOUSE_CACHE_ENABLED", "True")
                .set("REDIS_URL", redis.url())
                .set("REDIS_CACHE_WARMING_URL", redis.url())
                .set("GATEHOUSE_RATE_LIMITS", "api.level = ip\napi.limit = 5/hour")
                .on("/login", (request, response) -> {
                    request.getSession().setAttribute(Session.USER_ATTRIBUTE, request.getParameter("user"));
                    request.getSession().setAttribute("note", "x".repeat(1000));
                })
                .start();
        assertThat(new Browser().get(app.url("/login?user=alice")).status()).isEqualTo(200);
        app.gatehouse().cache().region("user").put("42", "Alice");
        LoginDecision decision = app.gatehouse().loginGuard().begin("alice", "203.0.113.7", null);
        ((LoginDecision.Allowed) decision).attempt().failed();
        VARIABLES.put("RECORD", redis.sessionKey());
        VARIABLES.put("USER_KEY", key(".*:u"));
        VARIABLES.put("COUNTER", key("gatehouse:\\{r..}[^:]*"));
        VARIABLES.put("ACCOUNT", key(".*:l"));
        VARIABLES.put("ENTRY", key(".*:e:user:42"));
        VARIABLES.put("b", VARIABLES.get("RECORD").replaceFirst(".*\\.(\\d+)}.*", "$1"));
        try (Jedis administrator = new Jedis("127.0.0.1", redis.port())) {
            String setUser = lines().filter(line -> line.contains("ACL SETUSER"))
                    .findFirst()
                    .orElseThrow();
            run(administrator, setUser.substring(setUser.indexOf("ACL")));
        }
        inspector = ShippedRedis.client(redis.port(), "inspector", "change-me");
    }

    @AfterAll
    static void stop() {
        inspector.close();
        app.close();
        redis.close();
    }

    private static String key(String regex) {
        return redis.keys().stream()
                .filter(key -> key.matches(regex))
                .findFirst()
                .orElseThrow();
    }

    private static Stream<String> lines() throws IOException {
        return LINE.matcher(Files.readString(PAGE))
                .results()
                .map(line -> line.group(1).strip());
    }

    static Stream<String> commands() throws IOException {
        return lines().filter(line -> !line.contains("ACL SETUSER"));
    }

    /** What the shell makes of a line. */
    private static List<String> words(String line) {
        List<String> words = new ArrayList<>();
        for (MatchResult word : WORD.matcher(line).results().toList()) {
            String text = word.group(1);
            if (text == null) {
                text = word.group(2) == null ? word.group(3) : word.group(2);
                for (Map.Entry<String, String> variable : VARIABLES.entrySet()) {
                    text = text.replaceAll(
                            "\\$" + variable.getKey() + "\\b",
                            variable.getValue().replace("$", "\\$"));
                }
                assertThat(text).as(line).doesNotContain("$");
            }
            words.add(text);
        }
        return words;
    }

    private static Object run(Jedis client, String line) {
        List<String> words = words(line);
        if (words.get(0).equals("--scan")) {
            assertThat(words).hasSize(3).element(1).isEqualTo("--pattern");
            words = List.of("SCAN", "0", "MATCH", words.get(2), "COUNT", "10000");
        }
        String command = words.get(0);
        return client.sendCommand(
                () -> command.getBytes(StandardCharsets.US_ASCII),
                words.subList(1, words.size()).toArray(String[]::new));
    }

    private static String text(Object reply) {
        return new String((byte[]) reply, StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @MethodSource("commands")
    void everyCommandOfThePageWorksForTheInspector(String line) {
        Object reply = run(inspector, line);

        assertThat(reply).isNotNull();
        if (line.startsWith("--scan")) {
            assertThat((List<?>) ((List<?>) reply).get(1)).as("keys").isNotEmpty();
        } else if (line.contains("\"") && reply instanceof Long number && !line.startsWith("HEXISTS")) {
            assertThat(number).as("the key exists").isPositive();
        }
    }

    @Test
    void thePageHasCommandsForEveryVariable() throws IOException {
        List<String> commands = commands().toList();
        assertThat(commands).hasSizeGreaterThan(30);
        assertThat(VARIABLES.keySet())
                .allSatisfy(name -> assertThat(commands).anyMatch(line -> line.contains("$" + name)));
    }

    @Test
    void theBucketsHoldAllSessions() {
        long sessions = IntStream.range(0, BUCKETS)
                .mapToLong(bucket -> (Long) run(inspector, "ZCARD 'gatehouse:{shop." + bucket + "}:x'"))
                .sum();
        assertThat(sessions).isEqualTo(1);
    }

    @Test
    void theRecordTellsWhenTheSessionWasUsedLast() {
        String[] parts = text(run(inspector, "HGET \"$RECORD\" t")).split("/", -1);
        long now = System.currentTimeMillis();
        assertThat(Long.parseLong(parts[0])).isBetween(now - 600_000, now + 60_000);
        assertThat(parts[1]).as("idle timeout").isEqualTo("1800000");
        List<?> fields = (List<?>) run(inspector, "HKEYS \"$RECORD\"");
        assertThat(fields.stream().map(RedisCliPageTest::text)).containsExactlyInAnyOrder("m", "a", "v0", "t");
    }

    @Test
    void theUsersIndexNamesTheHandleThatTheCommandTakes() {
        String handle =
                app.gatehouse().sessionManager().getUserSessions("alice").get(0).handle();
        assertThat(text(((List<?>) run(inspector, "ZRANGE \"$USER_KEY\" 0 9")).get(0)))
                .endsWith("." + handle);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "KEYS *",
                "DEL gatehouse:a",
                "UNLINK gatehouse:a",
                "HSET gatehouse:a f v",
                "EXPIRE gatehouse:a 1",
                "PERSIST gatehouse:a",
                "RESTORE gatehouse:a 0 x",
                "FLUSHALL",
                "FLUSHDB",
                "MONITOR",
                "CONFIG SET maxmemory-policy allkeys-lru",
                "DEBUG SLEEP 0",
                "CLIENT PAUSE 1",
                "GET other"
            })
    void theInspectorMayNot(String command) {
        assertThatThrownBy(() -> run(inspector, command)).isInstanceOf(JedisAccessControlException.class);
    }

    @Test
    void thePageWarnsOfWhatTheInspectorMayNot() throws IOException {
        String page = Files.readString(PAGE);
        String table = page.substring(page.indexOf("## What not to do"));
        for (String name : List.of("KEYS", "DEL", "UNLINK", "HSET", "EXPIRE", "PERSIST", "RESTORE", "MONITOR")) {
            assertThat(table).contains("`" + name + "`");
        }
    }
}
