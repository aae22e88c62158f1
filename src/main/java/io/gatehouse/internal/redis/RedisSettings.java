package io.gatehouse.internal.redis;

import io.gatehouse.RedisCredentialsProvider;
import io.gatehouse.RedisPurpose;
import io.gatehouse.internal.config.Config;
import io.gatehouse.internal.config.Secret;
import io.gatehouse.internal.config.Setting;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import redis.clients.jedis.SslOptions;

/** The addresses, credentials and time limits of the Redis servers. Immutable; checked at construction. */
public final class RedisSettings {
    static final Setting<RedisUrl> CACHE_URL = url("REDIS_URL", 1, "Cache.");
    static final Setting<RedisUrl> SESSION_URL = url("REDIS_SESSION_URL", 2, "Sessions.");
    static final Setting<RedisUrl> RATE_LIMIT_URL = url("REDIS_RATE_LIMIT_URL", 3, "Rate-limit counters.");
    static final Setting<RedisUrl> CACHE_WARMING_URL =
            url("REDIS_CACHE_WARMING_URL", 4, "Cache warming: usage statistics, job queue, leases.");
    static final Setting<Boolean> CLUSTER_ENABLED =
            Setting.flag("REDIS_CLUSTER_ENABLED", false, "Whether Redis is a cluster. A cluster only has database 0.");
    static final Setting<List<HostPort>> CLUSTER_NODES =
            addresses("REDIS_CLUSTER_NODES", "Some nodes of the cluster: `host1:6379,host2:6379,...`.");
    static final Setting<Boolean> SENTINEL_ENABLED =
            Setting.flag("REDIS_SENTINEL_ENABLED", false, "Whether Redis Sentinel names the master.");
    static final Setting<List<HostPort>> SENTINEL_HOSTS =
            addresses("REDIS_SENTINEL_HOSTS", "The sentinels: `s1:26379,s2:26379,...`.");
    static final Setting<String> MASTER_NAME =
            Setting.text("REDIS_MASTER_NAME", "mymaster", "The name of the master at the sentinels.");
    static final Setting<Integer> POOL_SIZE = Setting.number(
            "REDIS_CONNECTION_POOL_SIZE", 100, 1, 10_000, "Maximum number of connections for each purpose.");
    static final Setting<Integer> CONNECTION_TIMEOUT = Setting.number(
            "REDIS_CONNECTION_TIMEOUT",
            5,
            1,
            300,
            "Connect timeout in seconds. A request never waits that long: its deadline is separate and much shorter.");
    static final Setting<Integer> HEALTH_CHECK_INTERVAL = Setting.number(
            "REDIS_HEALTH_CHECK_INTERVAL", 30, 1, 3600, "Seconds between health checks of a healthy server.");
    static final Setting<String> USER = Setting.text("GATEHOUSE_REDIS_USER", "", "ACL user, if the URL has none.");
    static final Setting<Secret> PASSWORD = Setting.secret(
            "GATEHOUSE_REDIS_PASSWORD",
            "Password, if the URL has none. A password file is read again every second, so the password can change at run time.");
    static final Setting<String> SENTINEL_USER =
            Setting.text("GATEHOUSE_REDIS_SENTINEL_USER", "", "ACL user at the sentinels.");
    static final Setting<Secret> SENTINEL_PASSWORD =
            Setting.secret("GATEHOUSE_REDIS_SENTINEL_PASSWORD", "Password at the sentinels.");
    static final Setting<String> TLS_CA = Setting.text(
            "GATEHOUSE_REDIS_TLS_CA",
            "",
            "Trusted CA certificates (PEM). Without it, the trust store of the JVM is used.");
    static final Setting<String> TLS_CERTIFICATE = Setting.text(
            "GATEHOUSE_REDIS_TLS_CERTIFICATE", "", "Client certificate chain (PEM), for servers that require one.");
    static final Setting<Secret> TLS_PRIVATE_KEY = Setting.secret(
            "GATEHOUSE_REDIS_TLS_PRIVATE_KEY", "Private key of the client certificate (PEM, PKCS #8, not encrypted).");
    static final Setting<Duration> DEADLINE = Setting.duration(
            "GATEHOUSE_REDIS_DEADLINE",
            "600ms",
            "Time limit of one exchange with Redis, waiting and retries included.");

    /** All settings of this package. */
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

    /** The settings that determine, for every purpose, where its server is and how it is reached. */
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

    /** Returns these settings with a connect timeout of at most the given one, for a caller that a person waits for. */
    public RedisSettings withConnectTimeoutAtMost(Duration connectionTimeout) {
        return connectionTimeout.compareTo(this.connectionTimeout) < 0
                ? new RedisSettings(this, connectionTimeout)
                : this;
    }

    /** Reads the settings and adds every problem to the configuration. */
    public static RedisSettings from(Config config) {
        boolean cluster = config.read(CLUSTER_ENABLED);
        boolean sentinel = config.read(SENTINEL_ENABLED);
        List<HostPort> nodes = config.read(CLUSTER_NODES);
        List<HostPort> sentinels = config.read(SENTINEL_HOSTS);
        if (cluster && sentinel) {
            config.problem(
                    SENTINEL_ENABLED, "False while REDIS_CLUSTER_ENABLED is True, because a cluster has no Sentinel");
        }
        if (cluster && nodes.isEmpty()) {
            config.problem(CLUSTER_NODES, "at least one host:port, because REDIS_CLUSTER_ENABLED is True");
        }
        if (sentinel && sentinels.isEmpty()) {
            config.problem(SENTINEL_HOSTS, "at least one host:port, because REDIS_SENTINEL_ENABLED is True");
        }
        String masterName = config.read(MASTER_NAME);
        Supplier<String> commonUser = config.rereading(USER);
        Supplier<Secret> commonPassword = config.rereading(PASSWORD);
        RedisCredentialsProvider provider = CredentialsProviders.find(config, PASSWORD);
        Map<RedisPurpose, RedisEndpoint> redisEndpoints = new EnumMap<>(RedisPurpose.class);
        boolean tls = false;
        for (RedisPurpose redisPurpose : RedisPurpose.values()) {
            Supplier<RedisUrl> urls = config.rereading(urlOf(redisPurpose));
            RedisUrl url = urls.get();
            TopologySettings topologySettings = cluster
                    ? new TopologySettings.Cluster(nodes)
                    : sentinel
                            ? new TopologySettings.Sentinel(masterName, sentinels)
                            : new TopologySettings.Standalone(url.address());
            Supplier<RedisLogin> login = () -> login(urls.get(), commonUser.get(), commonPassword.get());
            redisEndpoints.put(
                    redisPurpose,
                    new RedisEndpoint(
                            topologySettings,
                            url.tls(),
                            login,
                            login.get().password().isEmpty() ? provider : null,
                            cluster ? 0 : url.database()));
            tls |= url.tls();
        }
        return new RedisSettings(config, redisEndpoints, tls ? TlsSettings.from(config) : SslOptions.defaults());
    }

    private static RedisLogin login(RedisUrl url, String commonUser, Secret commonPassword) {
        return new RedisLogin(
                url.user().isEmpty() ? commonUser : url.user(),
                url.password().isEmpty() ? commonPassword : url.password(),
                null);
    }

    /** Returns the endpoint of a purpose. */
    public RedisEndpoint endpoint(RedisPurpose redisPurpose) {
        RedisEndpoint redisEndpoint = redisEndpoints.get(redisPurpose);
        if (redisEndpoint == null) {
            throw new IllegalStateException("no endpoint for " + redisPurpose);
        }
        return redisEndpoint;
    }

    /** Returns whether Redis Cluster is used. */
    public boolean isCluster() {
        return redisEndpoints.values().stream()
                .anyMatch(redisEndpoint -> redisEndpoint.topology() instanceof TopologySettings.Cluster);
    }

    /** Returns the maximum number of connections for each purpose. */
    public int poolSize() {
        return poolSize;
    }

    /** Returns the connect timeout. */
    public Duration connectionTimeout() {
        return connectionTimeout;
    }

    /** Returns the time between two probes of a healthy server. */
    public Duration healthCheckInterval() {
        return healthCheckInterval;
    }

    /** Returns the time limit of one exchange. */
    public Duration deadline() {
        return deadline;
    }

    /** Returns the ACL user at the sentinels, empty for none. */
    public String sentinelUser() {
        return sentinelUser;
    }

    /** Returns the source of the sentinels' password, which is read for every new connection. */
    public Supplier<Secret> sentinelPassword() {
        return sentinelPassword;
    }

    /** Returns the TLS options for servers behind {@code rediss://}. */
    public SslOptions tls() {
        return tls;
    }

    /** Returns whether an invalid value of the named setting leaves the server of a purpose unknown. */
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
