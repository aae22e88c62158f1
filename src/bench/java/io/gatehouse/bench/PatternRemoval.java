package io.gatehouse.bench;

import io.gatehouse.cache.InvalidationResult;
import io.gatehouse.internal.cache.DefaultCacheManager;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.params.SetParams;

/** The benchmark of removing many keys by a pattern: its duration, the delay for other clients of Redis, and its memory. */
final class PatternRemoval {
    private static final int FEW = 100_000;
    private static final int MANY = 1_000_000;
    private static final int AT_ONCE = 10_000;
    private static final int BUCKETS = 16;
    private static final int LOGGED_FROM_MICROS = 1_000;
    private static final double MOST_MILLIS = 5;
    private static final long MOST_BYTES = 4 << 20;
    private static final byte[] VALUE = "x".repeat(100).getBytes(StandardCharsets.US_ASCII);

    private final RedisClient redis;
    private final int port;
    private final DefaultCacheManager cache;
    private double longest;
    private long grown;

    private PatternRemoval(RedisClient redis, int port, DefaultCacheManager cache) {
        this.redis = redis;
        this.port = port;
        this.cache = cache;
    }

    /** Measures the removal; its memory budget fails the build. */
    static Section measure(BenchRun run) throws InterruptedException {
        run.say("removal of cached keys by a pattern");
        StringBuilder text = new StringBuilder();
        boolean kept;
        try (CacheMember member = new CacheMember(run.redisPort(), Limiters.randomKey(), Caches.THREADS).awaiting(1)) {
            kept = measure(run.redis(), run.redisPort(), member.manager(), text);
        } finally {
            run.redis().executeCommand(new CommandArguments(Protocol.Command.FLUSHALL).add("ASYNC"));
        }
        return new Section(text.toString(), kept);
    }

    private static boolean measure(RedisClient redis, int port, DefaultCacheManager cache, StringBuilder text)
            throws InterruptedException {
        redis.configSet("slowlog-log-slower-than", "" + LOGGED_FROM_MICROS);
        redis.configSet("slowlog-max-len", "" + SlowlogReport.MOST_ENTRIES);
        PatternRemoval removal = new PatternRemoval(redis, port, cache);
        ExecutorService watcher = Executors.newSingleThreadExecutor();
        try {
            removal.run(1_000, watcher); // warms up
            text.append("""

                    | keys | removed in | longest command | longest PING meanwhile | above 5 ms | live heap grew by |
                    |---:|---:|---:|---:|---:|---:|
                    """);
            text.append(removal.run(FEW, watcher));
            text.append(removal.run(MANY, watcher));
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } finally {
            watcher.shutdownNow();
        }
        text.append(Section.line(
                "%nBudgets: Redis is never blocked for more than %.0f ms: %.1f, %s. The live heap does not grow with the"
                        + " keys, by at most %d MiB: %.2f MiB, %s.%n",
                MOST_MILLIS,
                removal.longest,
                Section.kept(removal.longest <= MOST_MILLIS),
                MOST_BYTES >> 20,
                removal.grown / (double) (1 << 20),
                Section.kept(removal.grown <= MOST_BYTES)));
        return removal.grown <= MOST_BYTES;
    }

    /** Removes the keys twice: once to measure times, and once to measure memory, because that stops all threads. */
    private String run(int keys, ExecutorService watcher) throws InterruptedException, ExecutionException {
        fill(keys);
        redis.slowlogReset();
        PingLoop pinging = new PingLoop(port);
        Future<?> pings = watcher.submit(pinging);
        long start = System.nanoTime();
        remove(keys);
        double seconds = (System.nanoTime() - start) / 1e9;
        pinging.stop = true;
        pings.get();
        double command = slowestMillis();

        fill(keys);
        HeapSampler sampler = new HeapSampler();
        Future<?> samples = watcher.submit(sampler);
        remove(keys);
        sampler.stop = true;
        samples.get();

        longest = command;
        grown = sampler.grown();
        return Section.line(
                "| %,d | %.2f s | %s | %.1f ms | %d of %,d | %,d KiB |%n",
                keys,
                seconds,
                command == 0 ? "below 1 ms" : Section.line("%.1f ms", command),
                pinging.longestNanos / 1e6,
                pinging.slowPings,
                pinging.pings,
                grown >> 10);
    }

    private void fill(int keys) {
        SetParams kept = SetParams.setParams().ex(3600);
        for (int first = 0; first < keys; first += AT_ONCE) {
            try (Pipeline pipeline = redis.pipelined()) {
                for (int i = first; i < Math.min(keys, first + AT_ONCE); i++) {
                    String key = CacheMember.PREFIX + ":{" + CacheMember.APPLICATION + ".c" + i % BUCKETS
                            + "}:e:default:k" + i;
                    pipeline.set(key.getBytes(StandardCharsets.US_ASCII), VALUE, kept);
                }
            }
        }
    }

    private void remove(int keys) {
        InvalidationResult done = cache.invalidator().invalidateByPattern("k*");
        if (done.entries() != keys) {
            throw new IllegalStateException(done.entries() + " keys were removed instead of " + keys);
        }
    }

    private double slowestMillis() {
        Object log = redis.executeCommand(
                new CommandArguments(Protocol.Command.SLOWLOG).add("GET").add(SlowlogReport.MOST_ENTRIES));
        long micros = 0;
        for (Object one : (List<?>) log) {
            micros = Math.max(micros, (Long) ((List<?>) one).get(2));
        }
        return micros / 1e3;
    }

    /** Another client that sends PING continuously. */
    private static final class PingLoop implements Runnable {
        private final int port;
        private volatile boolean stop;
        private long pings;
        private long slowPings;
        private long longestNanos;

        PingLoop(int port) {
            this.port = port;
        }

        @Override
        public void run() {
            try (RedisClient client = RedisClient.create("127.0.0.1", port)) {
                client.ping();
                while (!stop) {
                    long start = System.nanoTime();
                    client.ping();
                    long nanos = System.nanoTime() - start;
                    pings++;
                    slowPings += nanos > MOST_MILLIS * 1e6 ? 1 : 0;
                    longestNanos = Math.max(longestNanos, nanos);
                }
            }
        }
    }

    /** Samples the bytes that are in use after a garbage collection. */
    private static final class HeapSampler implements Runnable {
        private final long before = live();
        private volatile boolean stop;
        private long most = before;

        @Override
        public void run() {
            while (!stop) {
                most = Math.max(most, live());
                try {
                    Thread.sleep(50);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return;
                }
            }
        }

        long grown() {
            return most - before;
        }

        private static long live() {
            System.gc();
            Runtime runtime = Runtime.getRuntime();
            return runtime.totalMemory() - runtime.freeMemory();
        }
    }
}
