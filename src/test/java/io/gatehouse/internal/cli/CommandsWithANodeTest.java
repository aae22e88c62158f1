package io.gatehouse.internal.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.internal.cli.Console.Ended;
import io.gatehouse.internal.session.Session;
import io.gatehouse.testing.App;
import io.gatehouse.testing.Browser;
import io.gatehouse.testing.Eventually;
import io.gatehouse.testing.TestRedis;
import jakarta.json.JsonObject;
import jakarta.servlet.http.HttpSessionEvent;
import jakarta.servlet.http.HttpSessionListener;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.RedisClient;

/** Tests commands on an application with a live node. */
class CommandsWithANodeTest {
    private static final AtomicInteger DESTROYED = new AtomicInteger();
    private static final Duration SOON = Duration.ofSeconds(20);

    /** Counts the destroyed sessions it is notified of. */
    private static final class CountingListener implements HttpSessionListener {
        @Override
        public void sessionDestroyed(HttpSessionEvent event) {
            DESTROYED.incrementAndGet();
        }
    }

    private static TestRedis redis;
    private static App app;
    private static Console console;

    @BeforeAll
    static void start() {
        redis = TestRedis.start();
        app = App.with(redis.url())
                .path("/shop")
                .set("GATEHOUSE_CACHE_ENABLED", "True")
                .set("REDIS_URL", redis.url())
                .set("REDIS_CACHE_WARMING_URL", redis.url())
                .set("GATEHOUSE_SESSION_CLEANUP_INTERVAL", "1h")
                .set("GATEHOUSE_RATE_LIMITS", "api.level = ip\napi.limit = 5/hour")
                .on("/login", (request, response) -> {
                    request.getSession().setAttribute(Session.USER_ATTRIBUTE, request.getParameter("user"));
                    request.changeSessionId();
                })
                .customize(context -> context.addServletContainerInitializer(
                        (classes, application) -> application.addListener(new CountingListener()), Set.of()))
                .start();
        console = Console.of(redis.url()).set("GATEHOUSE_RATE_LIMITS", "api.level = ip\napi.limit = 5/hour");
    }

    @AfterAll
    static void stop() {
        app.close();
        redis.close();
    }

    @BeforeEach
    void reset() {
        app.gatehouse().sessionManager().terminateAll();
        app.gatehouse().rateLimiter().reset("ip", "127.0.0.1");
        DESTROYED.set(0);
    }

    private static Browser loggedIn(String user) {
        Browser browser = new Browser();
        assertThat(browser.get(app.url("/login?user=" + user)).status()).isEqualTo(200);
        return browser;
    }

    private static List<JsonObject> sessions(String... arguments) {
        Ended ended = console.run(arguments);
        assertThat(ended.code()).as(ended.errors()).isZero();
        return ended.json().getJsonArray("sessions").getValuesAs(JsonObject.class);
    }

    @Test
    void warmsOnANodeAndPrintsItsName() {
        Ended ended = console.run("warm", "--json");
        assertThat(ended.code()).as(ended.errors()).isZero();
        JsonObject run = ended.json();
        assertThat(run.getString("state")).isEqualTo("succeeded");
        assertThat(run.getString("result")).startsWith("0 warmed");
        assertThat(run.getString("node")).contains("@");
        assertThat(ended.errors()).contains("gatehouse: warm-all submitted as run " + run.getString("id"));
        assertThat(console.run("warm").out())
                .startsWith("warm-all succeeded: 0 warmed")
                .contains("(node ");
    }

    @Test
    void rejectsUnknownScopesOfWarmup() {
        assertThat(console.run("warm", "--scope", "nonsense").code()).isEqualTo(2);
        assertThat(console.run("warm", "--scope", "all", "--key", "42").code()).isEqualTo(2);
    }

    @Test
    void listsShowsAndEndsSessionsAndANodeNotifiesTheListeners() {
        loggedIn("alice");
        loggedIn("bob");
        assertThat(sessions("sessions", "list", "--json")).hasSize(2);
        JsonObject session =
                sessions("sessions", "list", "--user", "alice", "--json").get(0);
        String handle = session.getString("handle");
        assertThat(console.run("sessions", "list").out())
                .contains("HANDLE")
                .contains("IDLE LEFT SECONDS")
                .contains(handle)
                .contains("alice");
        assertThat(console.run("sessions", "show", handle).out())
                .contains("attributes")
                .contains(handle);

        Ended would = console.run("sessions", "terminate", handle, "--dry-run");
        assertThat(would.out()).startsWith("would end 1 session").contains("alice");
        assertThat(sessions("sessions", "list", "--json")).hasSize(2);

        Ended ended = console.run("sessions", "terminate", handle);
        assertThat(ended.code()).as(ended.errors()).isZero();
        assertThat(ended.out()).startsWith("1 session ended; a node notifies their listeners");
        Eventually.holds("a node has notified the listener", SOON, () -> DESTROYED.get() == 1);
        assertThat(sessions("sessions", "list", "--user", "alice", "--json")).isEmpty();
        assertThat(console.run("sessions", "terminate", handle).code()).isEqualTo(1);
        assertThat(console.run("sessions", "show", handle).errors())
                .isEqualTo("gatehouse: no such session; it may have ended or expired" + System.lineSeparator());
        assertThat(console.run("sessions", "show", "../etc").code()).isEqualTo(2);
    }

    @Test
    void endsAllSessionsOfAUserExceptOne() {
        loggedIn("alice");
        loggedIn("alice");
        loggedIn("bob");
        String kept =
                sessions("sessions", "list", "--user", "alice", "--json").get(0).getString("handle");
        String[] command = {"sessions", "terminate", "--user", "alice", "--except", kept, "--json"};
        assertThat(sessions("sessions", "terminate", "--user", "alice", "--except", kept, "--json", "--dry-run"))
                .hasSize(1);
        Ended ended = console.run(command);
        assertThat(ended.json().getInt("ended")).isEqualTo(1);
        assertThat(ended.json().getString("job")).isNotEmpty();
        assertThat(sessions("sessions", "list", "--user", "alice", "--json"))
                .singleElement()
                .satisfies(session -> assertThat(session.getString("handle")).isEqualTo(kept));
    }

    @Test
    void endsAllSessionsOnlyWithConfirmation() {
        loggedIn("alice");
        loggedIn("bob");
        assertThat(console.run("sessions", "terminate", "--all").code()).isEqualTo(2);
        assertThat(console.run("sessions", "terminate", "--all", "--user", "bob", "--yes")
                        .code())
                .isEqualTo(2);
        assertThat(console.run("sessions", "terminate", "--all", "--dry-run").out())
                .startsWith("would end 2 sessions");
        Ended ended = console.run("sessions", "terminate", "--all", "--yes");
        assertThat(ended.out()).startsWith("2 sessions ended");
        Eventually.holds("a node has notified the listener", SOON, () -> DESTROYED.get() == 2);
    }

    @Test
    void exitsWithFourIfTooFewReplicasAcknowledgeTheEndOfSessions() {
        loggedIn("alice");
        Console cautious =
                Console.of(redis.url()).set("GATEHOUSE_SESSION_REPLICAS", "1").set("GATEHOUSE_REDIS_DEADLINE", "2s");
        Ended ended = cautious.run("sessions", "terminate", "--user", "alice");
        assertThat(ended.code()).as(ended.errors()).isEqualTo(4);
        assertThat(ended.out()).contains("0 of 1 replicas acknowledged");
    }

    @Test
    void cleansUpOnANode() {
        loggedIn("alice");
        Ended all = console.run("cleanup");
        assertThat(all.code()).as(all.errors()).isZero();
        assertThat(all.out()).startsWith("clean-up-sessions succeeded: 0 sessions removed (node ");
        Ended ended = console.run("session_cleanup", "--key", "alice", "--json");
        assertThat(ended.json().getInt("userSessions")).isEqualTo(1);
        assertThat(console.run("session_cleanup", "--dry-run").out())
                .startsWith("would remove the expired ones of 1 session");
    }

    @Test
    void nodesConfirmInvalidationsAndTheCommandIsNotCountedAsOne() {
        app.gatehouse().cache().region("user").put("42", "Alice");
        assertThat(console.run("invalidate", "--scope", "user", "--key", "42", "--dry-run")
                        .out())
                .contains("the key 42 of user")
                .contains("request confirmation from 1 node");
        assertThat(app.gatehouse().cache().region("user").get("42")).isPresent();
        for (int i = 0; i < 3; i++) {
            Ended ended = console.run("invalidate", "--scope", "user", "--key", "42");
            assertThat(ended.out()).endsWith("removed from Redis, 1 of 1 node confirmed" + System.lineSeparator());
            assertThat(ended.code()).isZero();
        }
        assertThat(app.gatehouse().cache().region("user").get("42")).isEmpty();
        app.gatehouse().capabilities().cache().orElseThrow().beat();
        assertThat(app.gatehouse().capabilities().cache().orElseThrow().nodes()).isEqualTo(1);
        JsonObject all = console.run("invalidate", "--region", "user", "--json").json();
        assertThat(all.getInt("nodesConfirmed")).isEqualTo(1);
    }

    @Test
    void exitsWithFourIfANodeDoesNotConfirmAnInvalidation() {
        try (RedisClient client = redis.client()) {
            String nodes = redis.keys().stream()
                    .filter(key -> key.endsWith("c0}:n"))
                    .findFirst()
                    .orElseThrow();
            client.zadd(nodes, System.currentTimeMillis() + 60_000.0, "frozen");
            Ended ended = console.run("invalidate", "--tag", "t");
            client.zrem(nodes, "frozen");
            assertThat(ended.code()).isEqualTo(4);
            assertThat(ended.out()).contains("1 of 2 nodes confirmed");
        }
    }

    @Test
    void showsAndResetsCounters() {
        for (int i = 0; i < 5; i++) {
            loggedIn("alice");
        }
        assertThat(new Browser().get(app.url("/login")).status()).isEqualTo(429);
        assertThat(console.run("stats", "--scope", "ip", "--key", "127.0.0.1", "--json")
                        .json()
                        .getJsonArray("counters")
                        .getJsonObject(0)
                        .getBoolean("exhausted"))
                .isTrue();
        assertThat(console.run("limits", "explain", "GET", "/login", "--address", "127.0.0.1")
                        .out())
                .startsWith("would be refused");
        String[] reset = {"reset_rate_limits", "--scope", "ip", "--key", "127.0.0.1"};
        assertThat(console.run(reset[0], reset[1], reset[2], reset[3], reset[4], "--dry-run")
                        .out())
                .startsWith("would reset 1 counter");
        assertThat(console.run(reset).out()).startsWith("1 counter reset");
        assertThat(console.run("limits", "explain", "GET", "/login", "--address", "127.0.0.1")
                        .out())
                .startsWith("passes");
        assertThat(console.run(reset).out()).startsWith("0 counters reset");
        assertThat(console.run("reset_rate_limits", "--scope", "ip", "--key", "nonsense")
                        .code())
                .isEqualTo(2);
    }

    @Test
    void printsStatisticsOfSessionsCacheAndLimits() {
        loggedIn("alice");
        Ended ended = console.run("stats", "--json");
        assertThat(ended.code()).as(ended.errors()).isZero();
        JsonObject all = ended.json();
        assertThat(all.getInt("sessions")).isEqualTo(1);
        assertThat(all.getJsonObject("cache").getInt("nodes")).isEqualTo(1);
        assertThat(all.getJsonObject("limits")
                        .getJsonArray("rules")
                        .getJsonObject(0)
                        .keySet())
                .contains("name")
                .doesNotContain("statistics");
        assertThat(console.run("stats").out())
                .contains("Sessions: 1")
                .contains("1 node alive")
                .contains("api");
    }

    @Test
    void replacesControlCharactersInItsOutput() {
        Ended ended = Console.of(redis.url()).terminal().run("warm");
        assertThat(ended.code()).as(ended.errors()).isZero();
        loggedIn("%1B%5B2J");
        assertThat(console.run("sessions", "list").out()).contains("?[2J").doesNotContain("\u001B");
        assertThat(console.run("sessions", "list", "--json").out()).doesNotContain("\u001B");
        assertThat(sessions("sessions", "list", "--json").get(0).getString("user"))
                .isEqualTo("\u001B[2J");
    }

    @Test
    void leavesNoKeyWithoutATimeToLive() {
        console.run("warm");
        console.run("stats");
        console.run("invalidate", "--tag", "t");
        Set<String> keys = redis.keys();
        try (RedisClient client = redis.client()) {
            assertThat(keys)
                    .allSatisfy(key -> assertThat(client.pttl(key)).as(key).isNotEqualTo(-1));
        }
    }
}
