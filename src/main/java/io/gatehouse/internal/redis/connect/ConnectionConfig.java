package io.gatehouse.internal.redis.connect;

import io.gatehouse.internal.config.Secret;
import io.gatehouse.internal.redis.RedisEndpoint;
import io.gatehouse.internal.redis.RedisLogin;
import io.gatehouse.internal.redis.RedisSettings;
import java.time.Duration;
import java.util.function.Supplier;
import org.apache.commons.pool2.impl.GenericObjectPoolConfig;
import redis.clients.jedis.ClientSetInfoConfig;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Connection;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.DefaultRedisCredentials;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.RedisCredentials;

/** Builds the configurations of Jedis connections and of their pools. */
final class ConnectionConfig {
    /** A pooled connection that was not used for this long is closed. Heartbeats keep one in use. */
    static final Duration UNUSED = Duration.ofMinutes(1);

    private ConnectionConfig() {}

    /** Returns the configuration of connections to the nodes of an endpoint, with the login that is current for each. */
    static JedisClientConfig client(
            RedisEndpoint redisEndpoint, RedisSettings settings, Duration timeout, LoginSource loginSource) {
        return client(
                redisEndpoint, settings, timeout, () -> credentials(loginSource.current()), redisEndpoint.database());
    }

    /** Returns the same configuration with one login. */
    static JedisClientConfig with(RedisLogin login, JedisClientConfig config) {
        return DefaultJedisClientConfig.builder()
                .from(config)
                .credentialsProvider(() -> credentials(login))
                .build();
    }

    /** Returns the command that authenticates a connection again. */
    static CommandArguments authentication(RedisLogin login) {
        CommandArguments auth = new CommandArguments(Protocol.Command.AUTH);
        if (!login.user().isEmpty()) {
            auth.add(login.user());
        }
        return auth.add(login.password().reveal());
    }

    /** Returns the configuration of connections to the sentinels, which have a login of their own. */
    static JedisClientConfig sentinel(RedisEndpoint redisEndpoint, RedisSettings settings, Duration timeout) {
        return client(
                redisEndpoint,
                settings,
                timeout,
                () -> credentials(new RedisLogin(
                        settings.sentinelUser(), settings.sentinelPassword().get(), null)),
                0);
    }

    private static JedisClientConfig client(
            RedisEndpoint redisEndpoint,
            RedisSettings settings,
            Duration timeout,
            Supplier<RedisCredentials> credentials,
            int database) {
        DefaultJedisClientConfig.Builder builder = DefaultJedisClientConfig.builder()
                .resp2() // never negotiated: a client that was built while Redis was down would mix decoders
                .connectionTimeoutMillis((int) timeout.toMillis())
                .socketTimeoutMillis((int) timeout.toMillis())
                .database(database)
                .clientName("gatehouse")
                .clientSetInfoConfig(ClientSetInfoConfig.DISABLED)
                .credentialsProvider(credentials);
        if (redisEndpoint.tls()) {
            builder.sslOptions(settings.tls());
        }
        return builder.build();
    }

    private static RedisCredentials credentials(RedisLogin login) {
        String user = login.user();
        Secret password = login.password();
        return new DefaultRedisCredentials(user.isEmpty() ? null : user, password.isEmpty() ? null : password.reveal());
    }

    /** Returns the configuration of the pool of one node. */
    static GenericObjectPoolConfig<Connection> pool(RedisSettings settings, int size) {
        GenericObjectPoolConfig<Connection> pool = new GenericObjectPoolConfig<>();
        pool.setMaxTotal(size);
        pool.setMaxIdle(size);
        pool.setMaxWait(settings.deadline().dividedBy(6));
        pool.setTestWhileIdle(true);
        pool.setTimeBetweenEvictionRuns(Duration.ofSeconds(30));
        pool.setMinEvictableIdleDuration(UNUSED);
        pool.setNumTestsPerEvictionRun(-1); // all, so that a burst does not leave connections that are only pinged
        pool.setJmxEnabled(false);
        return pool;
    }
}
