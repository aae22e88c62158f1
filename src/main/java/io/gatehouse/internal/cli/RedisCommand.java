package io.gatehouse.internal.cli;

import io.gatehouse.internal.cache.DefaultCacheManager;
import io.gatehouse.internal.config.Config;
import io.gatehouse.internal.redis.RedisHealth;
import io.gatehouse.internal.redis.RedisPurpose;
import io.gatehouse.internal.wiring.Components;
import io.gatehouse.internal.wiring.Settings;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Mixin;

/**
 * A command that speaks to Redis. It is no node of the application: nobody counts it, and sessions that it ends are told and
 * removed by a node.
 */
abstract class RedisCommand extends OperatorCommand {
    /** As long as nodes wait for any answer by default; with the start of Java a command without Redis takes less than two seconds. */
    private static final Duration CONNECTING = Duration.ofMillis(600);

    private static final Duration HEARING = Duration.ofSeconds(1);
    private static final long PAUSE_MILLIS = 10;

    @Mixin
    ApplicationOptions site;

    /** What Redis is needed for; without it nothing is tried. */
    abstract Set<RedisPurpose> needs();

    /** Does it. */
    abstract CommandResult answer(Components components) throws Exception;

    @Override
    final CommandResult answer() throws Exception {
        Settings settings = site.settings(surroundings());
        Components components = Components.withoutApplication(settings, CONNECTING, RedisCommand::start);
        try {
            needs().stream()
                    .filter(components.purposes()::contains)
                    .forEach(redisPurpose -> check(components, redisPurpose));
            return answer(components);
        } finally {
            start(components::close); // which waits for connections that are being made, and nobody is to wait for that
        }
    }

    private static void start(Runnable work) {
        Thread thread = new Thread(work, "gatehouse-work");
        thread.setDaemon(true);
        thread.start();
    }

    private static void check(Components components, RedisPurpose redisPurpose) {
        RedisHealth health = components.redis().health(redisPurpose);
        if (!health.up()) {
            String fault = health.fault() == null ? "no answer" : health.fault().label();
            throw new CommandException(
                    ExitCode.UNHEALTHY,
                    "Redis for " + redisPurpose.label() + " cannot be used: " + fault
                            + where(components, redisPurpose, health));
        }
    }

    /** Which setting says where it is, and what it says. */
    private static String where(Components components, RedisPurpose redisPurpose, RedisHealth health) {
        String name = switch (health.mode()) {
            case "cluster" -> "REDIS_CLUSTER_NODES";
            case "sentinel" -> "REDIS_SENTINEL_HOSTS";
            default ->
                switch (redisPurpose) {
                    case SESSIONS -> "REDIS_SESSION_URL";
                    case RATE_LIMIT -> "REDIS_RATE_LIMIT_URL";
                    case CACHE -> "REDIS_URL";
                    case CACHE_WARMING -> "REDIS_CACHE_WARMING_URL";
                };
        };
        return components.settings().values().stream()
                .filter(value -> value.name().equals(name))
                .findFirst()
                .map(value -> " (" + name + " is " + shown(value) + ")")
                .orElse("");
    }

    private static String shown(Config.Value value) {
        return value.shown() + (value.isDefault() ? ", the default" : "");
    }

    /** Counts the nodes, and waits until their answers can be heard. How many live, 0 where the cache is off. */
    static int countNodes(Components components) {
        DefaultCacheManager cache = components.cache().orElse(null);
        if (cache == null) {
            return 0;
        }
        cache.visit();
        long deadline = System.nanoTime() + HEARING.toNanos();
        while (!cache.isConnected() && System.nanoTime() < deadline) {
            pause(PAUSE_MILLIS);
        }
        return cache.nodes();
    }

    static void pause(long millis) {
        try {
            TimeUnit.MILLISECONDS.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandException(ExitCode.FAILED, "interrupted");
        }
    }
}
