package io.gatehouse.internal.cli;

import io.gatehouse.RedisPurpose;
import io.gatehouse.internal.cache.DefaultCacheManager;
import io.gatehouse.internal.config.Config;
import io.gatehouse.internal.redis.RedisHealth;
import io.gatehouse.internal.wiring.Components;
import io.gatehouse.internal.wiring.Settings;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Mixin;

/**
 * A command that uses Redis. It is not a node of the application: it is not counted as one, and a node notifies the listeners of
 * the sessions that it ends and removes them.
 */
abstract class RedisCommand extends OperatorCommand {
    /** The default deadline of nodes. If Redis is unavailable, a command fails within two seconds, including the start of Java. */
    private static final Duration CONNECT_TIMEOUT = Duration.ofMillis(600);

    private static final Duration SUBSCRIBE_TIMEOUT = Duration.ofSeconds(1);
    private static final long PAUSE_MILLIS = 10;

    @Mixin
    ApplicationOptions applicationOptions;

    /** Returns the purposes for which Redis must be available; otherwise the command fails before it does anything. */
    abstract Set<RedisPurpose> requiredPurposes();

    /** Runs the command. */
    abstract CommandResult run(Components components) throws Exception;

    @Override
    final CommandResult run() throws Exception {
        Settings settings = applicationOptions.settings(environment());
        Components components = Components.withoutApplication(settings, CONNECT_TIMEOUT, RedisCommand::start);
        try {
            requiredPurposes().stream()
                    .filter(components.purposes()::contains)
                    .forEach(redisPurpose -> requireAvailable(components, redisPurpose));
            return run(components);
        } finally {
            start(components::close); // in the background, because it waits for connections that are being opened
        }
    }

    private static void start(Runnable work) {
        Thread thread = new Thread(work, "gatehouse-work");
        thread.setDaemon(true);
        thread.start();
    }

    private static void requireAvailable(Components components, RedisPurpose redisPurpose) {
        RedisHealth health = components.redis().health(redisPurpose);
        if (!health.up()) {
            String fault = health.fault() == null ? "no reply" : health.fault().label();
            throw new CommandException(
                    ExitCode.UNHEALTHY,
                    "Redis for " + redisPurpose.label() + " is unavailable: " + fault
                            + location(components, redisPurpose, health));
        }
    }

    /** Returns the setting that locates this Redis, with its value. */
    private static String location(Components components, RedisPurpose redisPurpose, RedisHealth health) {
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

    /**
     * Joins the cache cluster as an observer, waits until confirmations can be received, and returns the number of live nodes; 0 if the
     * cache is disabled.
     */
    static int countNodes(Components components) {
        DefaultCacheManager cache = components.cache().orElse(null);
        if (cache == null) {
            return 0;
        }
        cache.joinAsObserver();
        long deadline = System.nanoTime() + SUBSCRIBE_TIMEOUT.toNanos();
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
            throw new CommandException(ExitCode.FAILED, "interrupted before the command finished");
        }
    }
}
