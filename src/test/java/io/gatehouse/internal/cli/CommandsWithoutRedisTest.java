package io.gatehouse.internal.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.internal.cli.Console.Ended;
import io.gatehouse.testing.CountingProxy;
import io.gatehouse.testing.TestRedis;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests what commands print if Redis, or one of several servers, is unavailable. */
class CommandsWithoutRedisTest {
    private static TestRedis redis;

    @BeforeAll
    static void start() {
        redis = TestRedis.start();
    }

    @AfterAll
    static void stop() {
        redis.close();
    }

    private static Console console() {
        return Console.of(redis.url());
    }

    private static List<String> lines(String text) {
        return text.lines().toList();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "warm",
                "invalidate --tag t",
                "stats",
                "stats --scope ip --key 203.0.113.7",
                "cleanup",
                "session_cleanup",
                "reset_rate_limits --scope ip --key 203.0.113.7",
                "sessions list",
                "jobs list",
                "limits explain GET /"
            })
    void printsOneLineIfRedisIsUnavailable(String command) throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        String url = "redis://:hidden@127.0.0.1:" + port + "/0";
        assertUnavailable(Console.of(url).run(command.split(" ")), "unreachable (REDIS_");
    }

    @Test
    void doesNotWaitForASilentRedis() {
        try (CountingProxy proxy = new CountingProxy(redis.port())) {
            proxy.fault(CountingProxy.Fault.SILENT);
            long start = System.nanoTime();
            assertUnavailable(Console.of(proxy.url()).run("sessions", "list"), "Redis for sessions is unavailable");
            assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start)).isLessThan(5000);
        }
    }

    private static void assertUnavailable(Ended ended, String reason) {
        assertThat(ended.code()).as(ended.errors()).isEqualTo(3);
        assertThat(lines(ended.errors())).hasSize(1);
        assertThat(ended.errors()).contains(reason).doesNotContain("hidden");
        assertThat(ended.out()).isEmpty();
    }

    @Test
    void healthReportsWhichRedisIsDown() {
        Ended up = console().run("health", "--json");
        assertThat(up.code()).as(up.out()).isZero();
        assertThat(up.json().getJsonObject("sessions").getString("role")).isEqualTo("master");
        Console half = console().set("REDIS_RATE_LIMIT_URL", "redis://127.0.0.1:1/0");
        Ended down = half.run("health", "--json");
        assertThat(down.code()).isEqualTo(3);
        assertThat(down.json().getString("status")).isEqualTo("UP");
        assertThat(down.json().getBoolean("degraded")).isTrue();
        assertThat(down.json().getJsonObject("sessions").getString("status")).isEqualTo("UP");
        assertThat(down.json().getJsonObject("rate_limit").getString("fault")).isEqualTo("unreachable");
        assertThat(half.run("health").out()).startsWith("Redis is UP, degraded").contains("PURPOSE");
        assertThat(half.run("sessions", "list").code()).isZero();
        Ended unreachable =
                console().set("REDIS_SESSION_URL", "redis://127.0.0.1:1/0").run("health");
        assertThat(unreachable.code()).isEqualTo(3);
        assertThat(unreachable.out()).startsWith("Redis is DOWN, degraded");
    }
}
