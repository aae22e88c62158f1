package io.gatehouse.internal.springsession;

import io.gatehouse.testing.App;
import io.gatehouse.testing.RedisDeployment;
import jakarta.servlet.Filter;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import org.apache.tomcat.util.descriptor.web.FilterDef;
import org.apache.tomcat.util.descriptor.web.FilterMap;
import org.springframework.data.redis.connection.RedisClusterConfiguration;
import org.springframework.data.redis.connection.RedisConfiguration;
import org.springframework.data.redis.connection.RedisSentinelConfiguration;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.core.RedisTemplate;
import org.springframework.data.redis.serializer.RedisSerializer;
import org.springframework.session.Session;
import org.springframework.session.SessionRepository;
import org.springframework.session.data.redis.RedisIndexedSessionRepository;
import org.springframework.session.data.redis.RedisSessionRepository;
import org.springframework.session.web.http.SessionRepositoryFilter;

/** The {@link Shop} with Spring Session, as it ran before the migration. */
final class SpringShop implements AutoCloseable {
    private final LettuceConnectionFactory connections;
    private final RedisTemplate<String, Object> template = new RedisTemplate<>();
    private final SessionRepository<?> repository;
    private final App app;

    /** The two repositories of Spring Session. */
    enum Repository {
        SIMPLE,
        INDEXED
    }

    SpringShop(RedisDeployment redis, Repository kind) {
        this(redis, kind, "spring:session", RedisSerializer.java(SpringShop.class.getClassLoader()));
    }

    SpringShop(RedisDeployment redis, Repository kind, String namespace, RedisSerializer<Object> serializer) {
        connections = new LettuceConnectionFactory(configuration(redis.settings()));
        connections.afterPropertiesSet();
        connections.start();
        connections.getConnection().close(); // starts its threads here, which are then not those of the application
        template.setKeySerializer(RedisSerializer.string());
        template.setHashKeySerializer(RedisSerializer.string());
        template.setDefaultSerializer(serializer);
        template.setConnectionFactory(connections);
        template.afterPropertiesSet();
        SessionRepositoryFilter<?> filter;
        if (kind == Repository.SIMPLE) {
            RedisSessionRepository simple = new RedisSessionRepository(template);
            simple.setRedisKeyNamespace(namespace);
            simple.setDefaultMaxInactiveInterval(Duration.ofMinutes(30));
            repository = simple;
            filter = new SessionRepositoryFilter<>(simple);
        } else {
            RedisIndexedSessionRepository indexed = new RedisIndexedSessionRepository(template);
            indexed.setRedisKeyNamespace(namespace);
            indexed.setDefaultSerializer(serializer);
            repository = indexed;
            filter = new SessionRepositoryFilter<>(indexed);
        }
        app = start(filter);
    }

    private static App start(Filter filter) {
        return Shop.builder()
                .initializer((classes, context) -> {})
                .customize(context -> {
                    FilterDef definition = new FilterDef();
                    definition.setFilterName("springSessionRepositoryFilter");
                    definition.setFilter(filter);
                    context.addFilterDef(definition);
                    FilterMap mapping = new FilterMap();
                    mapping.setFilterName(definition.getFilterName());
                    mapping.addURLPattern("/*");
                    context.addFilterMap(mapping);
                })
                .start();
    }

    private static RedisConfiguration configuration(Map<String, String> settings) {
        String cluster = settings.get("REDIS_CLUSTER_NODES");
        if (cluster != null) {
            return new RedisClusterConfiguration(Arrays.asList(cluster.split(",", -1)));
        }
        String sentinels = settings.get("REDIS_SENTINEL_HOSTS");
        if (sentinels != null) {
            RedisSentinelConfiguration sentinel = new RedisSentinelConfiguration().master("mymaster");
            for (String host : sentinels.split(",", -1)) {
                sentinel.sentinel(host.split(":", -1)[0], Integer.parseInt(host.split(":", -1)[1]));
            }
            return sentinel;
        }
        URI url = URI.create(settings.get("REDIS_SESSION_URL"));
        RedisStandaloneConfiguration standalone = new RedisStandaloneConfiguration(url.getHost(), url.getPort());
        String path = url.getPath() == null ? "" : url.getPath().replace("/", "");
        standalone.setDatabase(path.isEmpty() ? 0 : Integer.parseInt(path));
        return standalone;
    }

    App app() {
        return app;
    }

    /** Stores a session without a browser, and returns its id. */
    String stored(Map<String, Object> attributes, Duration idleTimeout) {
        return stored(repository, attributes, idleTimeout);
    }

    private static <S extends Session> String stored(
            SessionRepository<S> repository, Map<String, Object> attributes, Duration idleTimeout) {
        S session = repository.createSession();
        attributes.forEach(session::setAttribute);
        session.setMaxInactiveInterval(idleTimeout);
        repository.save(session);
        return session.getId();
    }

    boolean has(String id) {
        return repository.findById(id) != null;
    }

    /** Changes a field of a record, as the serializer of the application writes it. */
    void put(String id, String field, Object value) {
        template.opsForHash().put("spring:session:sessions:" + id, field, value);
    }

    @Override
    public void close() {
        app.close();
        connections.destroy();
    }
}
