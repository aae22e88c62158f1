package io.gatehouse.internal.web;

import jakarta.servlet.http.HttpServletResponse;
import java.util.Locale;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * The time that Gatehouse takes for one request, as the response header {@code Server-Timing} (W3C Server Timing): {@code gatehouse} is all of
 * it, {@code redis} what it waits for Redis, {@code limits} the check of the limits, {@code session} reading and storing the session.
 * Reading the session and checking the limits share a round trip, which is in both. Contains nothing but durations. Thread-safe.
 */
final class ServerTiming {
    static final String HEADER = "Server-Timing";

    private static final ServerTiming OFF = new ServerTiming(null);

    /** The parts of the time. */
    enum Part {
        LIMITS,
        SESSION
    }

    private final @Nullable RedisTime redisTime;
    private final LongAdder total = new LongAdder();
    private final LongAdder redis = new LongAdder();
    private final LongAdder limits = new LongAdder();
    private final LongAdder session = new LongAdder();
    private volatile boolean sent;

    private ServerTiming(@Nullable RedisTime redisTime) {
        this.redisTime = redisTime;
    }

    /**
     * Returns the timing of one request.
     *
     * @param redisTime measures exchanges with Redis; null to measure and send nothing
     */
    static ServerTiming of(@Nullable RedisTime redisTime) {
        return redisTime == null ? OFF : new ServerTiming(redisTime);
    }

    /** A measurement that ends when it is closed, on the same thread. */
    interface Measurement extends AutoCloseable {
        Measurement NONE = () -> {};

        @Override
        void close();
    }

    /** Measures Gatehouse's own work on this thread. */
    Measurement own() {
        RedisTime measured = redisTime;
        if (measured == null) {
            return Measurement.NONE;
        }
        long start = System.nanoTime();
        LongAdder before = measured.addTo(redis);
        return () -> {
            LongAdder unused = measured.addTo(before);
            total.add(System.nanoTime() - start);
        };
    }

    /** Measures a part of that work. */
    Measurement of(Part part) {
        if (redisTime == null) {
            return Measurement.NONE;
        }
        LongAdder sum = part == Part.LIMITS ? limits : session;
        long start = System.nanoTime();
        return () -> sum.add(System.nanoTime() - start);
    }

    /** Adds the header once, beside what the application has set. Does nothing if the response is committed. */
    void write(HttpServletResponse response) {
        if (redisTime == null || sent || response.isCommitted()) {
            return;
        }
        sent = true;
        response.addHeader(
                HEADER,
                "gatehouse;dur=" + millis(total) + ", redis;dur=" + millis(redis) + ", session;dur=" + millis(session)
                        + ", limits;dur=" + millis(limits));
    }

    /** Called when the application has reset the headers of the response. */
    void onReset() {
        sent = false;
    }

    private static String millis(LongAdder nanos) {
        return String.format(Locale.ROOT, "%.2f", nanos.sum() / 1e6);
    }
}
