package io.gatehouse.internal.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.internal.cli.Console.Ended;
import io.gatehouse.login.LoginDecision;
import io.gatehouse.testing.Browser;
import jakarta.json.JsonObject;
import java.util.Set;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.RedisClient;

/** Tests the commands on the cache, rate limits and statistics of an application with a live node. */
class CacheAndLimitCommandsTest extends LiveNodeFixture {
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
        Ended ended = console.run("warm", "--scope", "nonsense");
        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.out())
                .startsWith("warm-all failed: ")
                .contains("no warmup source has the scope 'nonsense'")
                .contains("the application has no source");
        assertThat(console.run("warm", "--scope", " ").code()).isEqualTo(2);
        assertThat(console.run("warm", "--scope", "all", "--key", "42").code()).isEqualTo(2);
    }

    @Test
    void nodesConfirmInvalidationsAndTheCommandIsNotCountedAsOne() {
        app.gatehouse().cache().region("user").put("42", "Alice");
        assertThat(console.run("invalidate", "--scope", "user", "--key", "42", "--dry-run")
                        .out())
                .startsWith("would remove 1 entry: the key 42 of user")
                .contains("request confirmation from 1 node");
        assertThat(console.run("invalidate", "--pattern", "user:*", "--dry-run", "--json")
                        .json()
                        .getInt("entries"))
                .isEqualTo(1);
        assertThat(app.gatehouse().cache().region("user").get("42")).isPresent();
        for (int i = 0; i < 3; i++) {
            Ended ended = console.run("invalidate", "--scope", "user", "--key", "42");
            assertThat(ended.out()).endsWith("removed from Redis, 1 of 1 node confirmed" + System.lineSeparator());
            assertThat(ended.code()).isZero();
        }
        assertThat(app.gatehouse().cache().region("user").get("42")).isEmpty();
        app.gatehouse().components().cache().orElseThrow().heartbeat();
        assertThat(app.gatehouse().components().cache().orElseThrow().nodes()).isEqualTo(1);
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
    void listsAndReleasesBlockedClients() {
        while (app.gatehouse().loginGuard().begin("alice", null, null) instanceof LoginDecision.Allowed allowed) {
            allowed.attempt().failed();
        }
        app.gatehouse().components().limiter().heartbeat();
        JsonObject blocked = console.run("limits", "blocked", "--json")
                .json()
                .getJsonArray("blocked")
                .getJsonObject(0);
        assertThat(blocked.getString("scope")).isEqualTo("account");
        String counter = blocked.getString("counter");
        assertThat(console.run("limits", "release", counter, "--dry-run").out())
                .startsWith("would release")
                .contains(counter);
        assertThat(console.run("limits", "release", counter).out()).startsWith("released");
        assertThat(console.run("limits", "release", counter).out()).startsWith("nothing to release");
        assertThat(console.run("limits", "blocked").out()).startsWith("no client is blocked");
        assertThat(console.run("limits", "blocked", "--limit", "0").code()).isEqualTo(2);
    }

    @Test
    void printsStatisticsOfSessionsCacheAndLimits() {
        loggedIn("alice");
        app.gatehouse().components().limiter().heartbeat();
        Ended ended = console.run("stats", "--json");
        assertThat(ended.code()).as(ended.errors()).isZero();
        JsonObject all = ended.json();
        assertThat(all.getInt("sessions")).isEqualTo(1);
        assertThat(all.getJsonArray("limitTotals").getJsonObject(0).getInt("allowed"))
                .isPositive();
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
