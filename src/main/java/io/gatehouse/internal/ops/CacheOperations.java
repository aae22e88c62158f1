package io.gatehouse.internal.ops;

import io.gatehouse.internal.cache.CacheEntryCounter;
import io.gatehouse.internal.cache.DefaultCacheInvalidator;
import io.gatehouse.internal.cache.DefaultCacheManager;
import io.gatehouse.internal.cache.DefaultCacheRegion;
import io.gatehouse.internal.ops.CacheViews.ClusterCacheView;
import io.gatehouse.internal.ops.CacheViews.InvalidationView;
import io.gatehouse.internal.ops.CacheViews.NodeCacheView;
import io.gatehouse.internal.ops.CacheViews.RegionView;
import io.gatehouse.internal.ops.JobViews.JobView;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The cache operations: statistics, invalidation and warmup. */
public final class CacheOperations {
    /** The argument of {@link JobOperations#WARM_ALL} that limits it to the sources of one scope. */
    public static final String SCOPE = "scope";

    private static final String ALL = "all";

    /** The job that warms each scope. */
    private static final Map<String, String> WARMING = new TreeMap<>(Map.of(
            "user",
            JobOperations.WARM_USERS,
            "oauth",
            JobOperations.WARM_OAUTH,
            "roles",
            JobOperations.WARM_ROLES,
            ALL,
            JobOperations.WARM_ALL));

    private final @Nullable DefaultCacheManager cache;
    private final JobOperations jobs;

    CacheOperations(@Nullable DefaultCacheManager cache, JobOperations jobs) {
        this.cache = cache;
        this.jobs = jobs;
    }

    private DefaultCacheManager cache() {
        if (cache == null) {
            throw new FeatureDisabledException();
        }
        return cache;
    }

    /** Returns the statistics of each region, summed over all nodes since their start, and how this node receives invalidations. */
    public ClusterCacheView statistics() {
        DefaultCacheManager open = cache();
        return new ClusterCacheView(
                open.nodes(),
                open.isConnected(),
                open.staleness(),
                open.gaps(),
                open.clusterStatistics().stream().map(RegionView::of).toList());
    }

    /** Returns the statistics of this node since its start. Sends nothing to Redis. */
    public NodeCacheView nodeStatistics() {
        DefaultCacheManager open = cache();
        return new NodeCacheView(
                open.isConnected(),
                open.staleness(),
                open.gaps(),
                open.statistics().stream().map(RegionView::of).toList());
    }

    /** Invalidates everything that is cached about a user. */
    public InvalidationView invalidateUser(String user) {
        return InvalidationView.of(invalidator().invalidateUserCache(user));
    }

    /** Invalidates one key of a region. The key may be absent. */
    public InvalidationView invalidateKey(String region, String key) {
        DefaultCacheRegion found = cache().region(region);
        return new InvalidationView(found.remove(key) ? 1 : 0, null, null);
    }

    /** Invalidates the entries that match a pattern, such as {@code oauth:*}. */
    public InvalidationView invalidatePattern(String pattern) {
        return InvalidationView.of(invalidator().invalidateByPattern(pattern));
    }

    /** Invalidates all entries with a tag. */
    public InvalidationView invalidateTag(String tag) {
        return InvalidationView.of(invalidator().invalidateByTag(tag));
    }

    /** Invalidates all entries of a region. */
    public InvalidationView invalidateRegion(String region) {
        return InvalidationView.of(invalidator().invalidateAll(region));
    }

    /** Returns the counter of the entries that an invalidation would make invalid. */
    public CacheEntryCounter entryCounter() {
        return cache().entryCounter();
    }

    private DefaultCacheInvalidator invalidator() {
        return cache().invalidator();
    }

    /**
     * Submits a warmup job for a scope, or for some of its keys, and returns the run. Scopes of the application's own sources are known
     * only to nodes: the run of a scope that the node does not know fails, and its message names the known scopes.
     *
     * @param scope {@code user}, {@code oauth}, {@code roles}, {@code all}, or the scope of a source of the application
     * @param keys the keys, or empty for all keys; must be empty if the scope is {@code all}
     */
    public JobView warm(String scope, List<String> keys) {
        cache(); // fails if it is disabled
        if (scope.isBlank()) {
            throw new IllegalArgumentException("the scope is empty; expected " + String.join(", ", WARMING.keySet())
                    + ", or the scope of a warmup source of the application");
        }
        if (!keys.isEmpty() && scope.equals(ALL)) {
            throw new IllegalArgumentException("the scope all takes no keys; expected none, or another scope");
        }
        if (keys.stream().anyMatch(String::isBlank)) {
            throw new IllegalArgumentException("a key is empty; expected keys that are not empty");
        }
        Map<String, Object> arguments = new TreeMap<>();
        if (!keys.isEmpty()) {
            arguments.put("keys", keys);
        }
        String job = WARMING.get(scope);
        if (job == null) {
            arguments.put(SCOPE, scope);
        }
        return jobs.start(job == null ? JobOperations.WARM_ALL : job, arguments);
    }
}
