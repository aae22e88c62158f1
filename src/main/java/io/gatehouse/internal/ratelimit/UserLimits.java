package io.gatehouse.internal.ratelimit;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.gatehouse.internal.rules.Limit;
import io.gatehouse.internal.rules.RateLimitRule;
import io.gatehouse.internal.rules.RequestAttributes;
import io.gatehouse.internal.rules.RuleReader;
import io.gatehouse.ratelimit.LimitResolver;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The limits that the application's {@link LimitResolver} gives to users. The counter of a user stays the same whatever the limit is, so
 * a reset finds it, and a change of the plan takes the use so far along: the count of a window, or the time until a bucket is full.
 *
 * <p>A request names its user by a hash; the name is known once a session of the user has opened on this node, or a check in code has
 * named the user. Until then the rule's own limit applies. A resolver that does not return in time is not asked again for ten seconds, so
 * that requests do not wait for it one after the other; at most {@link #MOST_CALLS} calls are under way. Bounded. Thread-safe.
 */
public final class UserLimits {
    static final Duration VALID = Duration.ofSeconds(30);
    static final Duration PAUSE = Duration.ofSeconds(10);
    private static final Duration LONGEST_WAIT = Duration.ofMillis(250);
    /** The most calls that are under way, of which a resolver that hangs may keep the threads for good. */
    static final int MOST_CALLS = 32;

    private static final int MOST_USERS = 10_000;
    private static final System.Logger LOG = System.getLogger(UserLimits.class.getName());

    private final LongSupplier nanoTime;
    private final Cache<String, String> names =
            Caffeine.newBuilder().maximumSize(MOST_USERS).build();
    private final Cache<Key, Resolved> resolved =
            Caffeine.newBuilder().maximumSize(MOST_USERS).build();
    private final Semaphore calls = new Semaphore(MOST_CALLS);
    private final Set<String> warned = ConcurrentHashMap.newKeySet();
    private volatile @Nullable Source source;
    private volatile long pausedUntil;

    /** The resolver, and the executor that calls it. */
    private record Source(LimitResolver resolver, Executor executor) {}

    /** A rule by its name, and the hash of a user. */
    private record Key(String rule, String user) {}

    /** The rule with the limit of one user, the rule that it was made of, and how long it is valid by {@code nanoTime}. */
    private record Resolved(RateLimitRule own, RateLimitRule rule, long until) {}

    UserLimits(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.pausedUntil = nanoTime.getAsLong();
    }

    /** Asks a resolver from now on, in threads of an executor. */
    public void resolveBy(LimitResolver resolver, Executor executor) {
        source = new Source(resolver, executor);
    }

    /** Remembers the name of a user; does nothing without a resolver. */
    public void learn(@Nullable String userTag, @Nullable String user) {
        if (source != null && userTag != null && user != null && !user.isEmpty()) {
            names.put(userTag, user);
        }
    }

    /** Returns the charge with the limit of its user. */
    CounterCharge apply(CounterCharge charge) {
        Source from = source;
        if (from == null || !charge.rule().countsUsers()) {
            return charge;
        }
        String tag = charge.client().value(RequestAttributes.USER);
        String user = tag == null ? null : names.getIfPresent(tag);
        return tag == null || user == null ? charge : charge.withRule(rule(from, charge.rule(), tag, user));
    }

    private RateLimitRule rule(Source from, RateLimitRule own, String tag, String user) {
        Key key = new Key(own.name(), tag);
        Resolved known = resolved.getIfPresent(key);
        long now = nanoTime.getAsLong();
        if (known != null && known.until() - now > 0 && known.own().equals(own)) {
            return known.rule();
        }
        if (pausedUntil - now > 0) {
            return own;
        }
        RateLimitRule rule = resolve(from, own, user);
        resolved.put(key, new Resolved(own, rule, nanoTime.getAsLong() + VALID.toNanos()));
        return rule;
    }

    private RateLimitRule resolve(Source from, RateLimitRule own, String user) {
        FutureTask<@Nullable Optional<String>> task =
                new FutureTask<>(() -> from.resolver().limit(own.name(), user));
        try {
            long end = System.nanoTime() + LONGEST_WAIT.toNanos();
            call(from.executor(), task);
            Optional<String> limit = task.get(end - System.nanoTime(), TimeUnit.NANOSECONDS);
            if (limit == null) {
                warn(own, "returned null; expected a limit, or empty for the rule's own");
                return own;
            }
            return limit.isPresent() ? own.withLimit(Limit.parse(limit.get())) : own;
        } catch (IllegalArgumentException e) {
            warn(own, "returned an invalid limit; expected " + e.getMessage());
        } catch (ExecutionException e) {
            warn(own, "threw " + RuleReader.quoted(String.valueOf(e.getCause())));
        } catch (TimeoutException e) {
            boolean unusedBecauseTheResultIsIgnored = task.cancel(true);
            pausedUntil = nanoTime.getAsLong() + PAUSE.toNanos();
            warn(own, "took longer than " + LONGEST_WAIT.toMillis() + " ms");
        } catch (RejectedExecutionException e) {
            warn(own, "could not be called, because all threads are busy");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return own;
    }

    private void call(Executor executor, Runnable task) throws InterruptedException, TimeoutException {
        if (!calls.tryAcquire(LONGEST_WAIT.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new TimeoutException();
        }
        boolean accepted = false;
        try {
            executor.execute(() -> {
                try {
                    task.run();
                } finally {
                    calls.release();
                }
            });
            accepted = true;
        } finally {
            if (!accepted) {
                calls.release();
            }
        }
    }

    private void warn(RateLimitRule rule, String problem) {
        if (warned.add(rule.name())) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "the LimitResolver {0}, so the rule''s own limit applies; logged once for rule {1}",
                    problem,
                    rule.name());
        }
    }
}
