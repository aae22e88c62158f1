package io.gatehouse.internal.diagnostics;

import io.gatehouse.GatehouseException;
import io.gatehouse.internal.cache.DefaultCacheManager;
import io.gatehouse.internal.ratelimit.LimitDecision;
import io.gatehouse.internal.ratelimit.LimitEngine;
import io.gatehouse.internal.session.Session;
import io.gatehouse.internal.session.SessionRepository;
import io.gatehouse.internal.session.token.VerifiedToken;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Measures how long the work takes that an application waits for: reading and saving a session, a rate limit decision, and a cache get
 * that the first level cannot answer. Uses the application name of the {@link SmokeTests}, and removes what it creates. Each measurement
 * lasts a fraction of a second. Not thread-safe.
 */
final class CapabilityTimings {
    private static final int WARM_UP = 5;
    private static final int MAX_CALLS = 100;
    private static final Duration MAX_DURATION = Duration.ofMillis(200);

    private final SmokeTests smokeTests;
    private final LatencyProbe latencyProbe;

    CapabilityTimings(SmokeTests smokeTests, LatencyProbe latencyProbe) {
        this.smokeTests = smokeTests;
        this.latencyProbe = latencyProbe;
    }

    /** Reads and saves a session with one attribute. */
    void sessions() {
        SessionRepository thisNode = smokeTests.sessions();
        SessionRepository otherNode = smokeTests.sessions();
        try {
            Session session = thisNode.create(SmokeTests.IDLE_SECONDS, Map.of());
            try {
                measure("sessions", "session save", number -> {
                    session.setAttribute("verify", number);
                    boolean unused = thisNode.save(session);
                });
                VerifiedToken token = thisNode.ticket(session);
                measure("sessions", "session read", number -> {
                    Session read = otherNode.findByToken(token, null);
                    if (read != null) {
                        otherNode.release(read);
                    }
                });
            } finally {
                boolean unused = thisNode.invalidate(session);
                thisNode.release(session);
            }
        } catch (GatehouseException e) {
            // the smoke test reports the failure
        }
    }

    /** Charges a counter that is far from its limit. */
    void limits() {
        LimitEngine limiter = smokeTests.limiter("1000000/hour");
        String address = SmokeTests.randomAddress();
        try {
            measure("rate_limit", "rate limit decision", number -> {
                LimitDecision unused = limiter.checkIp(address);
            });
            int unused = limiter.reset("ip", address);
        } catch (GatehouseException e) {
            // the smoke test reports the failure
        }
    }

    /** Gets values that another node has cached. */
    void cache() {
        String key = "verify-" + UUID.randomUUID() + "-";
        try (DefaultCacheManager thisNode = smokeTests.cacheManager();
                DefaultCacheManager otherNode = smokeTests.cacheManager()) {
            int[] stored = {0};
            try {
                time(number -> thisNode.region("default").put(key + stored[0]++, "value"));
                measure("cache", "cache get", number -> {
                    boolean unused = otherNode
                            .region("default")
                            .get(key + number % stored[0])
                            .isPresent();
                });
            } finally {
                for (int number = 0; number < stored[0]; number++) {
                    boolean unused = thisNode.region("default").remove(key + number);
                }
            }
        } catch (GatehouseException e) {
            // the smoke test reports the failure
        } finally {
            smokeTests.deleteCacheKeys(key);
        }
    }

    /** Receives the number of the call, from 0. */
    private interface Call {
        void run(int number);
    }

    private void measure(String subject, String name, Call call) {
        latencyProbe.add(subject, name, "calls", time(call));
    }

    /** Returns the microseconds of each call after the first few, which load classes. */
    private static List<Long> time(Call call) {
        List<Long> micros = new ArrayList<>();
        long start = System.nanoTime();
        for (int number = 0; number < WARM_UP + MAX_CALLS; number++) {
            long before = System.nanoTime();
            call.run(number);
            if (number >= WARM_UP) {
                micros.add((System.nanoTime() - before) / 1000);
            }
            if (System.nanoTime() - start > MAX_DURATION.toNanos() && !micros.isEmpty()) {
                break;
            }
        }
        return micros;
    }
}
