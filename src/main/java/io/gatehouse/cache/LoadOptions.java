package io.gatehouse.cache;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The options of one lookup that may load a value: how long the value is kept, its tags, how long the caller waits, and which
 * thread runs the loader. What is not given is the setting of the region. Immutable; every method returns a new object.
 *
 * <pre>{@code
 * private static final LoadOptions TEAM = LoadOptions.defaults()
 *         .ttl(Duration.ofMinutes(5))
 *         .tags(List.of("team:7"))
 *         .waitAtMost(Duration.ofSeconds(2));
 *
 * User user = cache.getOrSet("user:42", () -> directory.find("42"), TEAM);
 * }</pre>
 */
public final class LoadOptions {
    private static final Duration SHORTEST = Duration.ofMillis(1);
    private static final Duration LONGEST_TTL = Duration.ofDays(366);
    private static final Duration LONGEST_WAIT = Duration.ofHours(1);
    private static final LoadOptions DEFAULTS = new LoadOptions(null, List.of(), null, false);

    private final @Nullable Duration ttl;
    private final List<String> tags;
    private final @Nullable Duration waitAtMost;
    private final boolean callerThread;

    private LoadOptions(
            @Nullable Duration ttl, List<String> tags, @Nullable Duration waitAtMost, boolean callerThread) {
        this.ttl = ttl;
        this.tags = tags;
        this.waitAtMost = waitAtMost;
        this.callerThread = callerThread;
    }

    /** Returns options that leave everything to the region: its {@code ttl}, no tags, its {@code load-timeout}. */
    public static LoadOptions defaults() {
        return DEFAULTS;
    }

    /**
     * Keeps the value for this time, exactly; without it the region's {@code ttl} applies, less a random part of up to a tenth.
     * The absence of a value is kept for the region's {@code negative-ttl} if that is shorter.
     *
     * @param kept 1 ms to 366 days
     * @throws IllegalArgumentException if it is shorter or longer
     */
    public LoadOptions ttl(Duration kept) {
        return new LoadOptions(checkedTtl(kept), tags, waitAtMost, callerThread);
    }

    /**
     * Gives the loaded value tags by which it can be invalidated.
     *
     * @param names at most 16, each with 1 to 1,024 bytes in UTF-8; the cache checks them
     */
    public LoadOptions tags(Collection<String> names) {
        return new LoadOptions(ttl, List.copyOf(names), waitAtMost, callerThread);
    }

    /**
     * Lets the caller wait at most this long for the value; without it the region's {@code load-timeout} applies. A loader in
     * another thread continues after that, so that the next caller finds its value. A loader in the caller's own thread is not
     * interrupted.
     *
     * @param limit 1 ms to 1 hour
     * @throws IllegalArgumentException if it is shorter or longer
     */
    public LoadOptions waitAtMost(Duration limit) {
        return new LoadOptions(ttl, tags, checkedWait(limit), callerThread);
    }

    /**
     * Runs the loader in the calling thread, where it sees the transaction and the request of the caller. Such values are not
     * reloaded in the background before they expire.
     */
    public LoadOptions inCallerThread() {
        return new LoadOptions(ttl, tags, waitAtMost, true);
    }

    /** Returns how long the value is kept; empty for the setting of the region. */
    public Optional<Duration> ttl() {
        return Optional.ofNullable(ttl);
    }

    /** Returns the tags of the value; unmodifiable. */
    public List<String> tags() {
        return tags;
    }

    /** Returns how long the caller waits; empty for the setting of the region. */
    public Optional<Duration> waitAtMost() {
        return Optional.ofNullable(waitAtMost);
    }

    /** Returns whether the loader runs in the calling thread. */
    public boolean isInCallerThread() {
        return callerThread;
    }

    private static Duration checkedTtl(Duration ttl) {
        Objects.requireNonNull(ttl, "ttl is null; leave it out to use the setting of the region");
        if (ttl.compareTo(SHORTEST) < 0) {
            throw new IllegalArgumentException(
                    "ttl is " + ttl + "; expected at least 1 ms. To drop a value, call remove");
        }
        if (ttl.compareTo(LONGEST_TTL) > 0) {
            throw new IllegalArgumentException("ttl is " + ttl + "; expected at most 366 days");
        }
        return ttl;
    }

    private static Duration checkedWait(Duration wait) {
        Objects.requireNonNull(wait, "waitAtMost is null; leave it out to use the setting of the region");
        if (wait.compareTo(SHORTEST) < 0) {
            throw new IllegalArgumentException("waitAtMost is " + wait + "; expected at least 1 ms");
        }
        if (wait.compareTo(LONGEST_WAIT) > 0) {
            throw new IllegalArgumentException("waitAtMost is " + wait + "; expected at most 1 hour");
        }
        return wait;
    }
}
