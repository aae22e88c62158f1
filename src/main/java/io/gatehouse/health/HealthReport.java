package io.gatehouse.health;

import io.gatehouse.operate.Document;
import io.gatehouse.redis.Purpose;
import io.gatehouse.redis.Redis;
import io.gatehouse.redis.RedisHealth;
import io.gatehouse.redis.ServerFacts;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * How this node is, from what the background probe saw last; asking never reaches Redis. Names no host, and versions only to
 * administrators. Safe for use by several threads.
 */
public final class HealthReport {
    private final String application;
    private final Redis redis;
    private final Set<Purpose> purposes;
    private final Set<Purpose> required;
    private final HealthSettings.Readiness readiness;
    private final BooleanSupplier warm;
    private final Supplier<Optional<Document>> cache;
    private final Supplier<Optional<Document>> jobs;

    /**
     * A report on some purposes.
     *
     * @param required those without which the application cannot do its work
     * @param warm whether the cache is as warm as it has to be before requests come
     * @param cache what the cache of this node does, or nothing if it is off
     * @param jobs what jobs this node does, or nothing if they are off
     */
    public HealthReport(
            String application,
            Redis redis,
            Set<Purpose> purposes,
            Set<Purpose> required,
            HealthSettings.Readiness readiness,
            BooleanSupplier warm,
            Supplier<Optional<Document>> cache,
            Supplier<Optional<Document>> jobs) {
        this.application = application;
        this.redis = redis;
        this.purposes = new TreeSet<>(purposes);
        this.required = Set.copyOf(required);
        this.readiness = readiness;
        this.warm = warm;
        this.cache = cache;
        this.jobs = jobs;
    }

    /**
     * An answer, and whether it is a good one.
     *
     * @param up becomes 200, and 503 if it is false
     */
    public record Answer(boolean up, Document document) {}

    /** Each purpose: status, mode, role, latency, pool, breaker, and what its servers say of themselves. */
    public Answer redis(boolean forAdmin) {
        Document report = new Document();
        boolean up = true;
        boolean degraded = false;
        for (Purpose purpose : purposes) {
            RedisHealth health = redis.health(purpose);
            up &= health.up() || !required.contains(purpose);
            degraded |= !health.up();
            report.with(purpose.label(), report(health, redis.facts(purpose), forAdmin));
        }
        return answer(up, degraded, report);
    }

    private static Answer answer(boolean up, boolean degraded, Document parts) {
        Document report = new Document().with("status", status(up)).with("degraded", degraded);
        parts.members().forEach(report::with);
        return new Answer(up, report);
    }

    private static String status(boolean up) {
        return up ? "UP" : "DOWN";
    }

    private static Document report(RedisHealth health, List<ServerFacts> servers, boolean forAdmin) {
        return new Document()
                .with("status", status(health.up()))
                .with("fault", health.fault() == null ? null : health.fault().label())
                .with("mode", health.mode())
                .with("role", health.role())
                .with("latencyMs", health.latencyMicros() / 1000.0)
                .with(
                        "pool",
                        new Document()
                                .with("active", health.poolActive())
                                .with("idle", health.poolIdle())
                                .with("waiting", health.poolWaiting())
                                .with("size", health.poolSize()))
                .with("breaker", health.breaker())
                .with("checkedAt", health.checkedAt())
                .with(
                        "servers",
                        servers.stream().map(facts -> server(facts, forAdmin)).toList());
    }

    private static Document server(ServerFacts facts, boolean forAdmin) {
        return new Document()
                .with("version", forAdmin ? facts.version() : null)
                .with("role", facts.role())
                .with("replicas", facts.connectedReplicas())
                .with(
                        "replicaLagSeconds",
                        facts.replicaLag() == null ? null : facts.replicaLag().toSeconds())
                .with("usedMemoryBytes", facts.usedMemoryBytes())
                .with("maxMemoryBytes", facts.maxMemoryBytes())
                .with("maxMemoryPolicy", facts.maxMemoryPolicy())
                .with("evictedKeys", facts.evictedKeys())
                .with("appendOnly", facts.appendOnly())
                .with("lastSaveOk", facts.lastSaveOk())
                .with("clusterState", facts.clusterState())
                .with("tls", facts.tls());
    }

    /** The cache of this node: whether it works with the others, and its regions since the start. */
    Answer cache() {
        Document document = cache.get().orElse(null);
        if (document == null) {
            return new Answer(true, new Document().with("status", "UP").with("enabled", false));
        }
        boolean up = redis.health(Purpose.CACHE).up() && Boolean.TRUE.equals(document.get("connected"));
        Document report =
                new Document().with("status", status(up)).with("enabled", true).with("warm", warm.getAsBoolean());
        document.members().forEach(report::with);
        return new Answer(up, report);
    }

    /** All in one: Redis, the cache, jobs, and the process; down only if the application cannot do its work. */
    Answer system(boolean forAdmin) {
        Answer redisAnswer = redis(forAdmin);
        Answer cacheAnswer = cache();
        MemoryUsage heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
        Document report = new Document()
                .with("application", application)
                .seconds(
                        "uptime",
                        Duration.ofMillis(ManagementFactory.getRuntimeMXBean().getUptime()))
                .with("redis", redisAnswer.document())
                .with("cache", cacheAnswer.document())
                .with("jobs", jobs.get())
                .with("heap", new Document().with("usedBytes", heap.getUsed()).with("maxBytes", heap.getMax()))
                .with("java", forAdmin ? Runtime.version().toString() : null);
        boolean degraded = Boolean.TRUE.equals(redisAnswer.document().get("degraded")) || !cacheAnswer.up();
        return answer(redisAnswer.up(), degraded, report);
    }

    /** Alive as long as it can answer. Redis is not looked at: a restart of ours would not bring it back. */
    Answer live() {
        return probe("gatehouse-alive", true, new Document());
    }

    /** Ready while sessions can be read and written, as far as that is required, and not before the cache is warm enough. */
    Answer ready() {
        boolean up = true;
        boolean degraded = false;
        Document byPurpose = new Document();
        for (Purpose purpose : purposes) {
            RedisHealth health = redis.health(purpose);
            up &= health.up() || !required.contains(purpose);
            degraded |= !health.up();
            byPurpose
                    .with(purpose.label() + ".status", status(health.up()))
                    .with(
                            purpose.label() + ".fault",
                            health.fault() == null ? null : health.fault().label())
                    .with(purpose.label() + ".mode", health.mode())
                    .with(purpose.label() + ".latencyMs", String.valueOf(health.latencyMicros() / 1000.0))
                    .with(purpose.label() + ".breaker", health.breaker());
        }
        boolean warmEnough = warm.getAsBoolean();
        Document data = new Document().with("cache.warm", warmEnough).with("degraded", degraded);
        byPurpose.members().forEach(data::with);
        return probe("gatehouse-redis", warmEnough && (up || readiness == HealthSettings.Readiness.OPTIONAL), data);
    }

    /** Started once Gatehouse guards the application, whether Redis is there yet or not. */
    Answer started() {
        return probe("gatehouse-started", true, new Document());
    }

    /** In the shape of MicroProfile Health 4.0: no nested data. */
    private Answer probe(String name, boolean up, Document data) {
        Document check = new Document()
                .with("name", name + '/' + application)
                .with("status", status(up))
                .with("data", data.members().isEmpty() ? null : data);
        return new Answer(up, new Document().with("status", status(up)).with("checks", List.of(check)));
    }
}
