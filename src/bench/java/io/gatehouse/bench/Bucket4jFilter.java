package io.gatehouse.bench;

import io.github.bucket4j.BucketConfiguration;
import io.github.bucket4j.distributed.ExpirationAfterWriteStrategy;
import io.github.bucket4j.distributed.proxy.ProxyManager;
import io.github.bucket4j.distributed.serialization.Mapper;
import io.github.bucket4j.redis.jedis.Bucket4jJedis;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.time.Duration;
import redis.clients.jedis.RedisClient;

/** A filter that consumes one token of up to three Bucket4j buckets: of the address, of the user in the session, of the endpoint. */
final class Bucket4jFilter extends HttpFilter {
    private static final long serialVersionUID = 1L;
    private static final int TOKENS = 60_000_000;

    private final transient RedisClient redis;
    private final transient ProxyManager<String> buckets;
    private final transient BucketConfiguration limit = BucketConfiguration.builder()
            .addLimit(bandwidth -> bandwidth.capacity(TOKENS).refillGreedy(TOKENS, Duration.ofMinutes(1)))
            .build();
    private final int rules;
    private final Application.Kind kind;

    Bucket4jFilter(int redisPort, int rules, Application.Kind kind) {
        this.redis = Limiters.client(redisPort, Application.THREADS);
        this.buckets = Bucket4jJedis.casBasedBuilder(redis)
                .expirationAfterWrite(
                        ExpirationAfterWriteStrategy.basedOnTimeForRefillingBucketUpToMax(Duration.ofSeconds(10)))
                .keyMapper(Mapper.STRING)
                .build();
        this.rules = rules;
        this.kind = kind;
    }

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        if (isAllowed(request)) {
            chain.doFilter(request, response);
        } else {
            response.sendError(429);
        }
    }

    private boolean isAllowed(HttpServletRequest request) {
        if (!consume("rate:ip:" + request.getRemoteAddr())) {
            return false;
        }
        HttpSession session = rules > 1 ? request.getSession(false) : null;
        Object user = session == null ? null : session.getAttribute(kind.userAttribute());
        return (user == null || consume("rate:user:" + user))
                && (rules < 3 || consume("rate:endpoint:" + request.getServletPath()));
    }

    private boolean consume(String key) {
        return buckets.getProxy(key, () -> limit).tryConsume(1);
    }

    @Override
    public void destroy() {
        redis.close();
    }
}
