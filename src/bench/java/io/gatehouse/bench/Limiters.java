package io.gatehouse.bench;

import io.gatehouse.RedisPurpose;
import io.gatehouse.internal.clientaddress.ClientAddress;
import io.gatehouse.internal.clientaddress.ClientAddressResolver;
import io.gatehouse.internal.clientaddress.ClientAddressSettings;
import io.gatehouse.internal.config.Config;
import io.gatehouse.internal.config.ConfigSource;
import io.gatehouse.internal.ratelimit.LimitDecision;
import io.gatehouse.internal.ratelimit.LimitEngine;
import io.gatehouse.internal.ratelimit.RateLimitCheck;
import io.gatehouse.internal.redis.Pipeline;
import io.gatehouse.internal.redis.RedisSettings;
import io.gatehouse.internal.redis.connect.RedisConnections;
import io.gatehouse.internal.rules.RateLimitRequest;
import io.gatehouse.internal.rules.RateLimitSettings;
import io.gatehouse.internal.signing.KeyRing;
import io.gatehouse.internal.signing.SigningSettings;
import io.github.bucket4j.BucketConfiguration;
import io.github.bucket4j.distributed.ExpirationAfterWriteStrategy;
import io.github.bucket4j.distributed.proxy.ProxyManager;
import io.github.bucket4j.distributed.serialization.Mapper;
import io.github.bucket4j.redis.jedis.Bucket4jJedis;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import redis.clients.jedis.ConnectionPoolConfig;
import redis.clients.jedis.RedisClient;

/** Creates the limiters under test, each configured as its documentation recommends, with its own connections. */
final class Limiters {
    /** The number of threads, and of connections of each limiter. */
    static final int THREADS = 32;

    private Limiters() {}

    /** Returns the baseline: one {@code GET} of one counter. */
    static Limiter bareGet(int redisPort) {
        RedisClient redis = client(redisPort, THREADS);
        byte[] key = "counter".getBytes(StandardCharsets.US_ASCII);
        redis.set(key, "1790000000000000".getBytes(StandardCharsets.US_ASCII));
        return new Limiter() {
            @Override
            public boolean decide(int client) {
                return redis.get(key) != null;
            }

            @Override
            public void close() {
                redis.close();
            }
        };
    }

    /** Returns Gatehouse's limiter with rules. */
    static Limiter gatehouse(int redisPort, String rules) {
        Config config = new Config(List.of(ConfigSource.of(
                "bench",
                Map.of(
                        "GATEHOUSE_KEYS", "b1:" + randomKey(),
                        "GATEHOUSE_RATE_LIMITS", rules,
                        "REDIS_RATE_LIMIT_URL", "redis://127.0.0.1:" + redisPort + "/0",
                        "REDIS_CONNECTION_POOL_SIZE", "" + THREADS))));
        KeyRing keys = SigningSettings.from(config).orElseThrow();
        RateLimitSettings limits = RateLimitSettings.from(config, (text, reader) -> {}, path -> null);
        RedisSettings settings = RedisSettings.from(config);
        ClientAddressResolver addresses = new ClientAddressResolver(ClientAddressSettings.from(config));
        config.throwIfBroken();
        RedisConnections redis =
                RedisConnections.open(settings, EnumSet.of(RedisPurpose.RATE_LIMIT), InstantSource.system());
        LimitEngine limiter = new LimitEngine(
                redis,
                false,
                keys,
                "gatehouse",
                "bench",
                addresses,
                limits.rules(),
                List::of,
                InstantSource.system(),
                System::nanoTime);
        limiter.heartbeat(); // as at the start of a node: nodes that do not know each other prefetch nothing
        return new Limiter() {
            @Override
            public boolean decide(int client) {
                RateLimitRequest request = new RateLimitRequest(
                        "GET", "/page", ClientAddress.parse(address(client)), user(client), header -> null);
                Pipeline pipeline = new Pipeline();
                RateLimitCheck check = limiter.begin(request, pipeline);
                redis.send(pipeline);
                return check.decision() instanceof LimitDecision.Allowed;
            }

            @Override
            public void close() {
                redis.close();
            }
        };
    }

    /** Returns Bucket4j with one bucket for each key, consumed one after the other, as in its documentation. */
    static Limiter bucket4j(int redisPort, List<Bucket> buckets) {
        RedisClient redis = client(redisPort, THREADS);
        ProxyManager<String> manager = Bucket4jJedis.casBasedBuilder(redis)
                .expirationAfterWrite(
                        ExpirationAfterWriteStrategy.basedOnTimeForRefillingBucketUpToMax(Duration.ofSeconds(10)))
                .keyMapper(Mapper.STRING)
                .build();
        return new Limiter() {
            @Override
            public boolean decide(int client) {
                for (Bucket bucket : buckets) {
                    if (!manager.getProxy(bucket.level().key(client), bucket::configuration)
                            .tryConsume(1)) {
                        return false;
                    }
                }
                return true;
            }

            @Override
            public void close() {
                redis.close();
            }
        };
    }

    /** What a bucket counts by. */
    enum Level {
        IP,
        USER,
        ENDPOINT,
        GLOBAL;

        String key(int client) {
            return switch (this) {
                case IP -> "rate:ip:" + address(client);
                case USER -> "rate:user:" + user(client);
                case ENDPOINT -> "rate:endpoint:/page";
                case GLOBAL -> "rate:global";
            };
        }
    }

    /** A limit in Bucket4j's terms. */
    record Bucket(Level level, BucketConfiguration configuration) {
        static Bucket of(Level level, long tokens, Duration period) {
            return new Bucket(
                    level,
                    BucketConfiguration.builder()
                            .addLimit(limit -> limit.capacity(tokens).refillGreedy(tokens, period))
                            .build());
        }
    }

    private static String address(int client) {
        return "10." + (client >> 16) + "." + ((client >> 8) & 255) + "." + (client & 255);
    }

    private static String user(int client) {
        return "user-0123456789-" + (100_000 + client); // as long as a user tag
    }

    static String randomKey() {
        byte[] key = new byte[32];
        new SecureRandom().nextBytes(key);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(key);
    }

    /** Returns a pooled client. */
    static RedisClient client(int redisPort, int connections) {
        ConnectionPoolConfig pool = new ConnectionPoolConfig();
        pool.setMaxTotal(connections);
        pool.setMaxIdle(connections);
        return RedisClient.builder()
                .hostAndPort("127.0.0.1", redisPort)
                .poolConfig(pool)
                .build();
    }
}
