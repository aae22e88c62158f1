package io.gatehouse.bench;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.gatehouse.internal.cache.DefaultCacheManager;
import io.gatehouse.internal.cache.DefaultCacheRegion;
import io.gatehouse.internal.serialization.ClassPolicy;
import io.gatehouse.internal.serialization.NotStorableException;
import io.gatehouse.internal.serialization.ValueCodec;
import io.gatehouse.internal.serialization.ValueLimits;
import io.gatehouse.internal.signing.KeyPurpose;
import io.gatehouse.internal.signing.KeyRing;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.ConnectionPoolConfig;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.RedisClient;

/**
 * The benchmark of the cache: hits in the process compared with Caffeine, hits in Redis compared with a bare {@code GET}, and the cost of
 * invalidations.
 */
final class Caches {
    static final int THREADS = 4;

    private static final double WARM_UP_SECONDS = 3;
    /** The number of hits between two readings of the clock, which takes as long as a hit. */
    private static final int HITS_PER_TURN = 1_000;

    private static final int IDENTITY = 16;
    private static final int FIRST_LEVEL_BYTES = 16 << 20;
    private static final Duration KEPT = Duration.ofMinutes(5);
    private static final String HOT = "hot-key-0123456789";
    private static final Map<String, Object> VALUE = value();

    private final RedisClient redis;
    private final int port;
    private final StringBuilder text = new StringBuilder();

    private Caches(RedisClient redis, int port) {
        this.redis = redis;
        this.port = port;
    }

    static Section measure(BenchRun run) throws IOException, InterruptedException {
        run.say("the cache");
        Caches caches = new Caches(run.redis(), run.redisPort());
        String key = Limiters.randomKey();
        try (CacheMember one = new CacheMember(run.redisPort(), key, THREADS).awaiting(1)) {
            run.goals().put(Goal.CACHE, caches.firstLevel(one.manager(), run.rounds(), run.seconds()));
            caches.secondLevel(one, run.rounds(), run.seconds());
            try (CacheMember other = new CacheMember(run.redisPort(), key, THREADS).awaiting(2)) {
                caches.text.append(InvalidationLatency.measure(one.awaiting(2).manager(), other.manager()));
            }
        } finally {
            run.redis().executeCommand(new CommandArguments(Protocol.Command.FLUSHALL).add("ASYNC"));
        }
        return new Section(caches.text.toString(), true);
    }

    /** Returns a value of the size of a user record. */
    private static Map<String, Object> value() {
        Map<String, Object> value = new LinkedHashMap<>();
        value.put("id", 4711L);
        value.put("name", "Alice Example");
        value.put("mail", "alice-ex@example.org");
        value.put("roles", new ArrayList<>(List.of("reader", "writer")));
        value.put("active", true);
        return value;
    }

    /** Returns how many times as long as Caffeine's a hit takes. */
    private double firstLevel(DefaultCacheManager cache, int rounds, double seconds)
            throws IOException, InterruptedException {
        Cache<String, Map<String, Object>> caffeine = Caffeine.newBuilder()
                .maximumWeight(FIRST_LEVEL_BYTES)
                .weigher((String key, Map<String, Object> value) -> 500)
                .executor(Runnable::run)
                .build();
        caffeine.put(HOT, VALUE);
        cache.put(HOT, VALUE);
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try {
            Map<CacheContender, Load> loads = new EnumMap<>(CacheContender.class);
            loads.put(CacheContender.CAFFEINE, many(thread, () -> caffeine.getIfPresent(HOT)));
            loads.put(
                    CacheContender.FIRST_LEVEL,
                    many(
                            thread,
                            () -> cache.<Map<String, Object>>getOrSet(
                                    HOT,
                                    () -> {
                                        throw new IllegalStateException("the hot key is missing");
                                    },
                                    KEPT)));
            Throughput<CacheContender> throughput = Throughput.measure(loads, WARM_UP_SECONDS, rounds, seconds);
            text.append(Section.line("%nCache, a hit in the process: one key, one thread.%n%n"));
            text.append("""
                    | | hits/s | nanoseconds a hit | times Caffeine's time | lowest - highest |
                    |---|---:|---:|---:|---:|
                    """);
            for (CacheContender contender : loads.keySet()) {
                double[] range = throughput.range(CacheContender.CAFFEINE, contender);
                text.append(Section.line(
                        "| %s | %,.0f | %.0f | %.2f | %.2f - %.2f |%n",
                        contender.title(),
                        throughput.median(contender),
                        1e9 / throughput.median(contender),
                        throughput.ratio(CacheContender.CAFFEINE, contender),
                        range[0],
                        range[1]));
            }
            return throughput.ratio(CacheContender.CAFFEINE, CacheContender.FIRST_LEVEL);
        } finally {
            thread.shutdownNow();
        }
    }

    private interface Hit {
        @Nullable
        Object get();
    }

    private static Load many(ExecutorService thread, Hit hit) {
        Load.Work turn = () -> {
            int right = 0;
            for (int i = 0; i < HITS_PER_TURN; i++) {
                right += hit.get() == null ? 0 : 1;
            }
            if (right != HITS_PER_TURN) {
                throw new IOException("a value was missing");
            }
        };
        return seconds -> HITS_PER_TURN * Load.repeat(thread, List.of(turn), seconds);
    }

    private void secondLevel(CacheMember member, int rounds, double seconds) throws IOException, InterruptedException {
        DefaultCacheRegion region = member.manager().region(CacheMember.PLAIN);
        region.put(HOT, VALUE);
        ConnectionPoolConfig pool = new ConnectionPoolConfig();
        pool.setMaxTotal(THREADS);
        pool.setMaxIdle(THREADS);
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try (RedisClient client = RedisClient.builder()
                .hostAndPort("127.0.0.1", port)
                .poolConfig(pool)
                .build()) {
            Map<CacheContender, Load> loads = new EnumMap<>(CacheContender.class);
            loads.put(CacheContender.BARE_GET, by(threads, bareGet(client, member.keys())));
            loads.put(CacheContender.SECOND_LEVEL, by(threads, () -> {
                Optional<Map<String, Object>> found = region.get(HOT);
                check(found.isPresent() && found.get().size() == VALUE.size());
            }));
            Throughput<CacheContender> throughput = Throughput.measure(loads, WARM_UP_SECONDS, rounds, seconds);
            if (region.statistics().firstLevelHits() > 0) {
                throw new IllegalStateException("not every hit came from Redis");
            }
            text.append(Section.line(
                    "%nCache, a hit in Redis: %d threads, a pool of as many connections, a map of %d values, %d bytes.%n%n",
                    THREADS, VALUE.size(), stored().length));
            text.append("| | hits/s | ratio to the bare GET | lowest - highest |\n|---|---:|---:|---:|\n");
            for (CacheContender contender : loads.keySet()) {
                double[] range = throughput.range(contender, CacheContender.BARE_GET);
                text.append(Section.line(
                        "| %s | %,.0f | %.2f | %.2f - %.2f |%n",
                        contender.title(),
                        throughput.median(contender),
                        throughput.ratio(contender, CacheContender.BARE_GET),
                        range[0],
                        range[1]));
            }
        } finally {
            threads.shutdownNow();
        }
    }

    /** Returns the work of a bare GET: reads the same bytes under another key, verifies one HMAC, and decodes the value as Gatehouse does. */
    private Load.Work bareGet(RedisClient client, KeyRing keys) throws IOException {
        byte[] stored = stored();
        byte[] key = bytes("bare");
        redis.set(key, stored);
        String kid = keys.currentKid();
        byte[] tag = Arrays.copyOf(keys.tag(kid, KeyPurpose.CACHE, stored), IDENTITY);
        ValueCodec codec = new ValueCodec(null, Set.of(), ClassPolicy.anyButGadgets(), ValueLimits.DEFAULT);
        int length;
        try {
            length = codec.encode(VALUE).length;
        } catch (NotStorableException e) {
            throw new IOException(e);
        }
        int from = stored.length - IDENTITY - length;
        ClassLoader loader = Caches.class.getClassLoader();
        return () -> {
            byte[] found = client.get(key);
            check(keys.verifies(kid, KeyPurpose.CACHE, tag, found));
            check(codec.decode(Arrays.copyOfRange(found, from, from + length), loader)
                            instanceof ValueCodec.Value decoded
                    && decoded.value() instanceof Map<?, ?> map
                    && map.size() == VALUE.size());
        };
    }

    private byte[] stored() {
        byte[] entry =
                redis.keys(bytes("*:e:" + CacheMember.PLAIN + ":*")).iterator().next();
        return redis.get(entry);
    }

    private static Load by(ExecutorService threads, Load.Work work) {
        return seconds -> Load.repeat(threads, Collections.nCopies(THREADS, work), seconds);
    }

    private static void check(boolean right) throws IOException {
        if (!right) {
            throw new IOException("a value was wrong or missing");
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
