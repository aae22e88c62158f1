package io.gatehouse.internal.redis;

import io.gatehouse.internal.config.Config;
import io.gatehouse.internal.config.Secret;
import io.gatehouse.internal.config.Setting;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import redis.clients.jedis.SslOptions;

/** Where Redis is and how long anything may take; checked when it is made. */
public final class RedisSettings {
    static final Setting<RedisUrl> CACHE_URL = url("REDIS_URL", 1, "Cache.");
    static final Setting<RedisUrl> SESSION_URL = url("REDIS_SESSION_URL", 2, "Sessions.");
    static final Setting<RedisUrl> RATE_LIMIT_URL = url("REDIS_RATE_LIMIT_URL", 3, "Rate-limit counters.");
    static final Setting<RedisUrl> CACHE_WARMING_URL =
            url("REDIS_CACHE_WARMING_URL", 4, "Warming: usage statistics, queue, leases.");
    static final Setting<Boolean> CLUSTER_ENABLED =
            Setting.flag("REDIS_CLUSTER_ENABLED", false, "Use Redis Cluster; only database 0 exists there.");
    static final Setting<List<HostPort>> CLUSTER_NODES =
            addresses("REDIS_CLUSTER_NODES", "Some nodes of the cluster: `host1:6379,host2:6379,...`.");
    static final Setting<Boolean> SENTINEL_ENABLED =
            Setting.flag("REDIS_SENTINEL_ENABLED", false, "Find the master through Redis Sentinel.");
    static final Setting<List<HostPort>> SENTINEL_HOSTS =
            addresses("REDIS_SENTINEL_HOSTS", "The sentinels: `s1:26379,s2:26379,...`.");
    static final Setting<String> MASTER_NAME =
            Setting.text("REDIS_MASTER_NAME", "mymaster", "The name under which the sentinels know the master.");
    static final Setting<Integer> POOL_SIZE =
            Setting.number("REDIS_CONNECTION_POOL_SIZE", 100, 1, 10_000, "Connections at most, for each purpose.");
    static final Setting<Integer> CONNECTION_TIMEOUT = Setting.number(
            "REDIS_CONNECTION_TIMEOUT",
            5,
            1,
            300,
            "Seconds to connect. A request never waits that long: its deadline is separate and much shorter.");
    static final Setting<Integer> HEALTH_CHECK_INTERVAL = Setting.number(
            "REDIS_HEALTH_CHECK_INTERVAL", 30, 1, 3600, "Seconds between health checks while all is well.");
    static final Setting<String> USER = Setting.text("GATEHOUSE_REDIS_USER", "", "ACL user, where the URL has none.");
    static final Setting<Secret> PASSWORD = Setting.secret(
            "GATEHOUSE_REDIS_PASSWORD",
            "Password, where the URL has none. From a file it is read anew for every connection, so it can be changed while running.");
    static final Setting<String> SENTINEL_USER =
            Setting.text("GATEHOUSE_REDIS_SENTINEL_USER", "", "ACL user at the sentinels.");
    static final Setting<Secret> SENTINEL_PASSWORD =
            Setting.secret("GATEHOUSE_REDIS_SENTINEL_PASSWORD", "Password at the sentinels.");
    static final Setting<String> TLS_CA = Setting.text(
            "GATEHOUSE_REDIS_TLS_CA",
            "",
            "Certificates (PEM) that may have signed the server's; without it the trust store of the JVM counts.");
    static final Setting<String> TLS_CERTIFICATE = Setting.text(
            "GATEHOUSE_REDIS_TLS_CERTIFICATE", "", "Our own certificate chain (PEM), for servers that ask.");
    static final Setting<Secret> TLS_PRIVATE_KEY =
            Setting.secret("GATEHOUSE_REDIS_TLS_PRIVATE_KEY", "The private key to it (PEM, PKCS #8, not encrypted).");
    static final Setting<Duration> DEADLINE = Setting.duration(
            "GATEHOUSE_REDIS_DEADLINE",
            "600ms",
            "The longest that one exchange with Redis may take, waiting and retries included.");

    /** Every setting of this package. */
    public static final List<Setting<?>> ALL = List.of(
            CACHE_URL,
            SESSION_URL,
            RATE_LIMIT_URL,
            CACHE_WARMING_URL,
            CLUSTER_ENABLED,
            CLUSTER_NODES,
            SENTINEL_ENABLED,
            SENTINEL_HOSTS,
            MASTER_NAME,
            POOL_SIZE,
            CONNECTION_TIMEOUT,
            HEALTH_CHECK_INTERVAL,
            USER,
            PASSWORD,
            SENTINEL_USER,
            SENTINEL_PASSWORD,
            TLS_CA,
            TLS_CERTIFICATE,
            TLS_PRIVATE_KEY,
            DEADLINE);

    /** Settings that decide, for every purpose, where its server is and how it is reached. */
    private static final List<Setting<?>> FOR_EVERY_SERVER = List.of(
            CLUSTER_ENABLED,
            CLUSTER_NODES,
            SENTINEL_ENABLED,
            SENTINEL_HOSTS,
            MASTER_NAME,
            USER,
            PASSWORD,
            SENTINEL_USER,
            SENTINEL_PASSWORD,
            TLS_CA,
            TLS_CERTIFICATE,
            TLS_PRIVATE_KEY,
            DEADLINE);

    private final Map<RedisPurpose, RedisEndpoint> redisEndpoints;
    private final int poolSize;
    private final Duration connectionTimeout;
    private final Duration healthCheckInterval;
    private final Duration deadline;
    private final String sentinelUser;
    private final Supplier<Secret> sentinelPassword;
    private final SslOptions tls;

    private RedisSettings(Config config, Map<RedisPurpose, RedisEndpoint> redisEndpoints, SslOptions tls) {
        this.redisEndpoints = redisEndpoints;
        this.poolSize = config.read(POOL_SIZE);
        this.connectionTimeout = Duration.ofSeconds(config.read(CONNECTION_TIMEOUT));
        this.healthCheckInterval = Duration.ofSeconds(config.read(HEALTH_CHECK_INTERVAL));
        this.deadline = config.read(DEADLINE);
        this.sentinelUser = config.read(SENTINEL_USER);
        this.sentinelPassword = config.rereading(SENTINEL_PASSWORD);
        this.tls = tls;
        if (deadline.toMillis() < 10) {
            config.problem(DEADLINE, "at least 10ms");
        }
    }

    private RedisSettings(RedisSettings of, Duration connectionTimeout) {
        this.redisEndpoints = of.redisEndpoints;
        this.poolSize = of.poolSize;
        this.connectionTimeout = connectionTimeout;
        this.healthCheckInterval = of.healthCheckInterval;
        this.deadline = of.deadline;
        this.sentinelUser = of.sentinelUser;
        this.sentinelPassword = of.sentinelPassword;
        this.tls = of.tls;
    }

    /** The same with a shorter time to connect, for who has somebody waiting. */
    public RedisSettings inAHurry(Duration connectionTimeout) {
        return connectionTimeout.compareTo(this.connectionTimeout) < 0
                ? new RedisSettings(this, connectionTimeout)
                : this;
    }

    /** Reads everything and leaves what is wrong with the configuration. */
    public static RedisSettings from(Config config) {
        boolean cluster = config.read(CLUSTER_ENABLED);
        boolean sentinel = config.read(SENTINEL_ENABLED);
        List<HostPort> nodes = config.read(CLUSTER_NODES);
        List<HostPort> sentinels = config.read(SENTINEL_HOSTS);
        if (cluster && sentinel) {
            config.problem(
                    SENTINEL_ENABLED, "False while REDIS_CLUSTER_ENABLED is True, there is no Sentinel for a cluster");
        }
        if (cluster && nodes.isEmpty()) {
            config.problem(CLUSTER_NODES, "at least one host:port, because REDIS_CLUSTER_ENABLED is True");
        }
        if (sentinel && sentinels.isEmpty()) {
            config.problem(SENTINEL_HOSTS, "at least one host:port, because REDIS_SENTINEL_ENABLED is True");
        }
        String masterName = config.read(MASTER_NAME);
        String commonUser = config.read(USER);
        Supplier<Secret> commonPassword = config.rereading(PASSWORD);
        Map<RedisPurpose, RedisEndpoint> redisEndpoints = new EnumMap<>(RedisPurpose.class);
        boolean tls = false;
        for (RedisPurpose redisPurpose : RedisPurpose.values()) {
            RedisUrl url = config.read(urlOf(redisPurpose));
            TopologySettings topologySettings = cluster
                    ? new TopologySettings.Cluster(nodes)
                    : sentinel
                            ? new TopologySettings.Sentinel(masterName, sentinels)
                            : new TopologySettings.Standalone(url.address());
            Supplier<Secret> password = url.password().isEmpty() ? commonPassword : url::password;
            String user = url.user().isEmpty() ? commonUser : url.user();
            redisEndpoints.put(
                    redisPurpose,
                    new RedisEndpoint(topologySettings, url.tls(), user, password, cluster ? 0 : url.database()));
            tls |= url.tls();
        }
        return new RedisSettings(config, redisEndpoints, tls ? TlsSettings.from(config) : SslOptions.defaults());
    }

    public RedisEndpoint endpoint(RedisPurpose redisPurpose) {
        RedisEndpoint redisEndpoint = redisEndpoints.get(redisPurpose);
        if (redisEndpoint == null) {
            throw new IllegalStateException("no endpoint for " + redisPurpose);
        }
        return redisEndpoint;
    }

    /** Whether keys lie in the slots of a cluster. */
    public boolean isCluster() {
        return redisEndpoints.values().stream()
                .anyMatch(redisEndpoint -> redisEndpoint.topology() instanceof TopologySettings.Cluster);
    }

    public int poolSize() {
        return poolSize;
    }

    /** How long connecting may take. */
    public Duration connectionTimeout() {
        return connectionTimeout;
    }

    public Duration healthCheckInterval() {
        return healthCheckInterval;
    }

    /** How long one exchange may take. */
    public Duration deadline() {
        return deadline;
    }

    public String sentinelUser() {
        return sentinelUser;
    }

    public Supplier<Secret> sentinelPassword() {
        return sentinelPassword;
    }

    public SslOptions tls() {
        return tls;
    }

    /** Whether the server of a purpose is unknown while the setting of this name is invalid. */
    public static boolean isNeededToReach(RedisPurpose redisPurpose, String setting) {
        return urlOf(redisPurpose).name().equals(setting)
                || FOR_EVERY_SERVER.stream().anyMatch(each -> each.name().equals(setting));
    }

    private static Setting<RedisUrl> urlOf(RedisPurpose redisPurpose) {
        return switch (redisPurpose) {
            case CACHE -> CACHE_URL;
            case SESSIONS -> SESSION_URL;
            case RATE_LIMIT -> RATE_LIMIT_URL;
            case CACHE_WARMING -> CACHE_WARMING_URL;
        };
    }

    private static Setting<RedisUrl> url(String name, int database, String meaning) {
        return new Setting<>(name, "redis://localhost:6379/" + database, RedisUrl::parse, RedisUrl::mask, meaning);
    }

    private static Setting<List<HostPort>> addresses(String name, String meaning) {
        return new Setting<>(name, "", HostPort::parseList, RedisUrl::mask, meaning);
    }
}
