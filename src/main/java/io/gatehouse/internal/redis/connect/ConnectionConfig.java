package io.gatehouse.internal.redis.connect;

import io.gatehouse.internal.config.Secret;
import io.gatehouse.internal.redis.RedisEndpoint;
import io.gatehouse.internal.redis.RedisSettings;
import java.time.Duration;
import java.util.function.Supplier;
import org.apache.commons.pool2.impl.GenericObjectPoolConfig;
import redis.clients.jedis.ClientSetInfoConfig;
import redis.clients.jedis.Connection;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.DefaultRedisCredentials;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.RedisCredentials;

/** Builds the configurations of Jedis connections and of their pools. */
final class ConnectionConfig {
    private ConnectionConfig() {}

    /** Returns the configuration of connections to the nodes of an endpoint. */
    static JedisClientConfig client(RedisEndpoint redisEndpoint, RedisSettings settings, Duration timeout) {
        return client(
                redisEndpoint,
                settings,
                timeout,
                redisEndpoint.user(),
                redisEndpoint.password(),
                redisEndpoint.database());
    }

    /** Returns the configuration of connections with credentials of their own, such as those to sentinels. */
    static JedisClientConfig client(
            RedisEndpoint redisEndpoint,
            RedisSettings settings,
            Duration timeout,
            String user,
            Supplier<Secret> password,
            int database) {
        DefaultJedisClientConfig.Builder builder = DefaultJedisClientConfig.builder()
                .resp2() // never negotiated: a client that was built while Redis was down would mix decoders
                .connectionTimeoutMillis((int) timeout.toMillis())
                .socketTimeoutMillis((int) timeout.toMillis())
                .database(database)
                .clientName("gatehouse")
                .clientSetInfoConfig(ClientSetInfoConfig.DISABLED)
                .credentialsProvider(() -> credentials(user, password.get()));
        if (redisEndpoint.tls()) {
            builder.sslOptions(settings.tls());
        }
        return builder.build();
    }

    private static RedisCredentials credentials(String user, Secret password) {
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
        pool.setMinEvictableIdleDuration(Duration.ofMinutes(5));
        pool.setNumTestsPerEvictionRun(-4);
        pool.setJmxEnabled(false);
        return pool;
    }
}
