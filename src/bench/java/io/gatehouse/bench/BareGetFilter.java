package io.gatehouse.bench;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.RedisClient;

/** The baseline: one {@code GET} of one key for each request. */
final class BareGetFilter extends HttpFilter {
    static final String KEY = "bare";

    private static final long serialVersionUID = 1L;
    private static final byte[] KEY_BYTES = KEY.getBytes(StandardCharsets.US_ASCII);
    private static final String ATTRIBUTE = "io.gatehouse.bench.bare";

    private final transient RedisClient redis;

    BareGetFilter(int redisPort) {
        this.redis = Limiters.client(redisPort, Application.THREADS);
    }

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        request.setAttribute(ATTRIBUTE, redis.get(KEY_BYTES));
        chain.doFilter(request, response);
    }

    static @Nullable String valueOf(HttpServletRequest request) {
        byte[] value = (byte[]) request.getAttribute(ATTRIBUTE);
        return value == null ? null : new String(value, 0, Sample.COUNT_LENGTH, StandardCharsets.US_ASCII);
    }

    @Override
    public void destroy() {
        redis.close();
    }
}
