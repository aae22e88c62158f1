package io.gatehouse.bench;

import jakarta.servlet.Filter;
import org.apache.commons.pool2.impl.GenericObjectPoolConfig;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.jedis.JedisClientConfiguration;
import org.springframework.data.redis.connection.jedis.JedisConnectionFactory;
import org.springframework.data.redis.core.RedisTemplate;
import org.springframework.data.redis.serializer.RedisSerializer;
import org.springframework.session.data.redis.RedisIndexedSessionRepository;
import org.springframework.session.data.redis.RedisSessionRepository;
import org.springframework.session.web.http.SessionRepositoryFilter;
import redis.clients.jedis.Connection;

/** Creates the filter of Spring Session as its configuration classes do, with its defaults. */
final class SpringSessions {
    private SpringSessions() {}

    /** Returns a filter with {@code RedisSessionRepository}, as {@code @EnableRedisHttpSession} does. */
    static Filter simple(int redisPort) {
        return new SessionRepositoryFilter<>(new RedisSessionRepository(template(redisPort)));
    }

    /** Returns a filter with {@code RedisIndexedSessionRepository}, as {@code @EnableRedisIndexedHttpSession} does, without its listeners. */
    static Filter indexed(int redisPort) {
        return new SessionRepositoryFilter<>(new RedisIndexedSessionRepository(template(redisPort)));
    }

    private static RedisTemplate<String, Object> template(int redisPort) {
        GenericObjectPoolConfig<Connection> pool = new GenericObjectPoolConfig<>();
        pool.setMaxTotal(Application.THREADS);
        pool.setMaxIdle(Application.THREADS);
        JedisConnectionFactory connections = new JedisConnectionFactory(
                new RedisStandaloneConfiguration("127.0.0.1", redisPort),
                JedisClientConfiguration.builder().usePooling().poolConfig(pool).build());
        connections.afterPropertiesSet();
        connections.start();
        RedisTemplate<String, Object> template = new RedisTemplate<>();
        template.setKeySerializer(RedisSerializer.string());
        template.setHashKeySerializer(RedisSerializer.string());
        template.setConnectionFactory(connections);
        template.setBeanClassLoader(SpringSessions.class.getClassLoader());
        template.afterPropertiesSet();
        return template;
    }
}
