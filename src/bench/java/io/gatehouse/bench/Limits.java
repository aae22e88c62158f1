package io.gatehouse.bench;

import io.gatehouse.InvalidConfigurationException;
import io.gatehouse.bench.Limiters.Bucket;
import io.gatehouse.bench.Limiters.Level;
import java.io.IOException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import redis.clients.jedis.RedisClient;

/**
 * The benchmark of the rate limiter, compared with Bucket4j: four levels for each decision, of which address and user belong to each client,
 * and endpoint and global are shared by all. Measures the speed, the cost of refusals, and the memory of a counter.
 */
final class Limits {
    static final long MOST_BYTES = 140;

    private static final int CLIENTS = 100_000;
    private static final int KEYS_OF_A_CLIENT = 2;
    private static final int REFUSALS = 100_000;
    private static final double WARM_UP_SECONDS = 3;

    private static final long OWN = 1_000_000;
    private static final long SHARED = 6_000_000;

    private static final String RULES = """
            ip.level = ip
            ip.limit = 1000000/min
            user.level = user
            user.limit = 1000000/min
            endpoint.level = endpoint
            endpoint.limit = 6000000/min
            global.level = global
            global.limit = 6000000/min
            """;
    private static final List<String> ALL = List.of("ip", "user", "endpoint", "global");
    private static final String EXACT = leased("false", ALL);

    private final RedisClient redis;
    private final int port;
    private final StringBuilder text = new StringBuilder();
    private boolean kept = true;

    private Limits(RedisClient redis, int port) {
        this.redis = redis;
        this.port = port;
    }

    /** Measures decisions and refusals. */
    static Section measure(BenchRun run) throws IOException, InterruptedException {
        run.say("decisions of the rate limiters");
        Limits limits = new Limits(run.redis(), run.redisPort());
        limits.text.append(Section.line(
                "%nFour levels a decision, %d threads, a pool of as many connections.%n%n", Limiters.THREADS));
        limits.speed(run.rounds(), run.seconds(), run.goals());
        limits.refusals();
        return new Section(limits.text.toString(), limits.kept);
    }

    /** Measures the memory of a counter. */
    static Section memory(BenchRun run) throws InterruptedException {
        run.say("memory of counters");
        Limits limits = new Limits(run.redis(), run.redisPort());
        limits.memory();
        return new Section(limits.text.toString(), limits.kept);
    }

    private void speed(int rounds, double seconds, Goals goals) throws IOException, InterruptedException {
        Map<LimitContender, LimiterLoad> loads = new EnumMap<>(LimitContender.class);
        try {
            loads.put(LimitContender.BARE_GET, new LimiterLoad(Limiters.bareGet(port)));
            loads.put(LimitContender.GATEHOUSE, new LimiterLoad(Limiters.gatehouse(port, EXACT)));
            loads.put(LimitContender.GATEHOUSE_LEASED, new LimiterLoad(leased()));
            loads.put(
                    LimitContender.BUCKET4J,
                    new LimiterLoad(Limiters.bucket4j(
                            port,
                            List.of(
                                    Bucket.of(Level.IP, OWN, Duration.ofMinutes(1)),
                                    Bucket.of(Level.USER, OWN, Duration.ofMinutes(1)),
                                    Bucket.of(Level.ENDPOINT, SHARED, Duration.ofMinutes(1)),
                                    Bucket.of(Level.GLOBAL, SHARED, Duration.ofMinutes(1))))));
            Throughput<LimitContender> throughput = Throughput.measure(loads, WARM_UP_SECONDS, rounds, seconds);
            Map<LimitContender, Double> trips = new EnumMap<>(LimitContender.class);
            for (Map.Entry<LimitContender, LimiterLoad> entry : loads.entrySet()) {
                long before = reads();
                double decisions = entry.getValue().run(1);
                trips.put(entry.getKey(), (reads() - before) / decisions);
            }
            report(throughput, trips);
            goals.put(Goal.LIMITS, throughput.ratio(LimitContender.GATEHOUSE, LimitContender.BARE_GET));
            goals.put(Goal.LIMITS_LEASED, throughput.ratio(LimitContender.GATEHOUSE_LEASED, LimitContender.BARE_GET));
        } finally {
            loads.values().forEach(LimiterLoad::close);
            redis.flushAll();
        }
    }

    /** Returns a limiter that prefetches tokens for every level, or for the shared ones if it cannot do more. */
    private Limiter leased() {
        try {
            return Limiters.gatehouse(port, leased("auto", ALL));
        } catch (InvalidConfigurationException e) {
            return Limiters.gatehouse(port, leased("true", List.of("endpoint", "global")));
        }
    }

    private static String leased(String lease, List<String> rules) {
        return RULES
                + rules.stream().map(rule -> rule + ".lease = " + lease + "\n").collect(Collectors.joining());
    }

    private void report(Throughput<LimitContender> throughput, Map<LimitContender, Double> trips) {
        text.append("| | decisions/s | round trips a decision | ratio to the bare GET | lowest - highest |"
                + " ratio to Bucket4j | lowest - highest |\n|---|---:|---:|---:|---:|---:|---:|\n");
        for (LimitContender contender : LimitContender.values()) {
            double[] get = throughput.range(contender, LimitContender.BARE_GET);
            double[] bucket4j = throughput.range(contender, LimitContender.BUCKET4J);
            text.append(Section.line(
                    "| %s | %,.0f | %.2f | %.2f | %.2f - %.2f | %.1f | %.1f - %.1f |%n",
                    contender.title(),
                    throughput.median(contender),
                    trips.getOrDefault(contender, Double.NaN),
                    throughput.ratio(contender, LimitContender.BARE_GET),
                    get[0],
                    get[1],
                    throughput.ratio(contender, LimitContender.BUCKET4J),
                    bucket4j[0],
                    bucket4j[1]));
        }
    }

    /** Measures a client that keeps sending requests after it has used up its limit. */
    private void refusals() throws InterruptedException {
        try (Limiter limiter = Limiters.gatehouse(port, "ip.level = ip\nip.limit = 1/day\n")) {
            boolean first = limiter.decide(0);
            boolean second = limiter.decide(0);
            Thread.sleep(100);
            long before = commands("evalsha");
            long start = System.nanoTime();
            int allowed = 0;
            for (int i = 0; i < REFUSALS; i++) {
                allowed += limiter.decide(0) ? 1 : 0;
            }
            double seconds = (System.nanoTime() - start) / 1e9;
            long calls = commands("evalsha") - before;
            boolean right = first && !second && allowed == 0 && calls == 0;
            kept &= right;
            text.append(Section.line(
                    "%nA refused client that keeps sending requests, one thread: %,.0f refusals/s; %,d refusals made %d calls to"
                            + " Redis. No round trip: %s.%n",
                    REFUSALS / seconds, REFUSALS, calls, Section.kept(right)));
        } finally {
            redis.flushAll();
        }
    }

    private void memory() throws InterruptedException {
        Map<String, Memory> bytes = new LinkedHashMap<>();
        Memory bucket = memory(Limiters.gatehouse(port, own("5/hour")));
        Memory window = memory(Limiters.gatehouse(port, own("sliding 5/hour")));
        bytes.put("Gatehouse, token bucket", bucket);
        bytes.put("Gatehouse, sliding window", window);
        bytes.put(
                "Bucket4j",
                memory(Limiters.bucket4j(
                        port,
                        List.of(
                                Bucket.of(Level.IP, 5, Duration.ofHours(1)),
                                Bucket.of(Level.USER, 5, Duration.ofHours(1))))));
        text.append("\n| | growth of `used_memory` a key | `MEMORY USAGE` a key |\n|---|---:|---:|\n");
        bytes.forEach((title, memory) ->
                text.append(Section.line("| %s | %,d | %,d |%n", title, memory.grown(), memory.counted())));
        kept &= bucket.grown() <= MOST_BYTES && window.counted() <= MOST_BYTES;
        text.append(Section.line(
                "%nBudget: at most %d bytes an active key, of %,d keys: a token bucket at most %d by either measure, %s; a sliding"
                        + " window %d by `MEMORY USAGE`, %s.%n",
                MOST_BYTES,
                CLIENTS * KEYS_OF_A_CLIENT,
                bucket.grown(),
                Section.kept(bucket.grown() <= MOST_BYTES),
                window.counted(),
                Section.kept(window.counted() <= MOST_BYTES)));
    }

    private static String own(String limit) {
        return "ip.level = ip\nip.limit = " + limit + "\nuser.level = user\nuser.limit = " + limit + "\n";
    }

    private Memory memory(Limiter limiter) throws InterruptedException {
        try (LimiterLoad limiterLoad = new LimiterLoad(limiter)) {
            limiterLoad.once(CLIENTS, Limiters.THREADS * 10); // loads scripts and opens connections
            long keys = redis.dbSize();
            Memory before = Memory.now(redis);
            limiterLoad.once(0, CLIENTS);
            long created = redis.dbSize() - keys;
            if (created != (long) CLIENTS * KEYS_OF_A_CLIENT) {
                throw new IllegalStateException(
                        created + " keys were created instead of " + CLIENTS * KEYS_OF_A_CLIENT);
            }
            return Memory.now(redis).minus(before).by(created);
        } finally {
            redis.flushAll();
        }
    }

    /** Returns how often Redis has read from a socket. */
    private long reads() {
        return Statistics.number(redis.info("stats"), "total_reads_processed:(\\d+)");
    }

    private long commands(String name) {
        return Statistics.number(redis.info("commandstats"), "cmdstat_" + name + ":calls=(\\d+)");
    }
}
