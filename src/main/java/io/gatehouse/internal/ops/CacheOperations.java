package io.gatehouse.internal.ops;

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
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The cache: what it does, and what is to be taken out of it or put into it. */
public final class CacheOperations {
    /** What can be warmed, and the job that does it. */
    private static final Map<String, String> WARMING = new TreeMap<>(Map.of(
            "user",
            JobOperations.WARM_USERS,
            "oauth",
            JobOperations.WARM_OAUTH,
            "roles",
            JobOperations.WARM_ROLES,
            "all",
            JobOperations.WARM_ALL));

    private static final Set<String> WITH_KEYS = Set.of("user", "oauth", "roles");

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

    /** The regions of all nodes together since their start, and how this node receives the changes of others. */
    public ClusterCacheView statistics() {
        DefaultCacheManager open = cache();
        return new ClusterCacheView(
                open.nodes(),
                open.isConnected(),
                open.staleness(),
                open.gaps(),
                open.clusterStatistics().stream().map(RegionView::of).toList());
    }

    /** The regions of this node since its start; never sends anything to Redis. */
    public NodeCacheView ofThisNode() {
        DefaultCacheManager open = cache();
        return new NodeCacheView(
                open.isConnected(),
                open.staleness(),
                open.gaps(),
                open.statistics().stream().map(RegionView::of).toList());
    }

    /** Removes everything that is cached about a user. */
    public InvalidationView invalidateUser(String user) {
        return InvalidationView.of(invalidator().invalidateUserCache(user));
    }

    /** Takes out one key of a region, which need not have been there. */
    public InvalidationView invalidateKey(String region, String key) {
        DefaultCacheRegion found = cache().region(region);
        return new InvalidationView(found.remove(key) ? 1 : 0, null, null);
    }

    /** Takes out what fits, such as {@code oauth:*}. */
    public InvalidationView invalidatePattern(String pattern) {
        return InvalidationView.of(invalidator().invalidateByPattern(pattern));
    }

    /** Takes out all with a tag. */
    public InvalidationView invalidateTag(String tag) {
        return InvalidationView.of(invalidator().invalidateByTag(tag));
    }

    /** Takes out all of a region. */
    public InvalidationView invalidateRegion(String region) {
        return InvalidationView.of(invalidator().invalidateAll(region));
    }

    private DefaultCacheInvalidator invalidator() {
        return cache().invalidator();
    }

    /**
     * Has a node warm a scope, or some keys of it: the run that was submitted.
     *
     * @param scope {@code user}, {@code oauth}, {@code roles} or {@code all}
     * @param keys the keys, or empty for all; none with {@code all}
     */
    public JobView warm(String scope, List<String> keys) {
        String job = WARMING.get(scope);
        if (job == null) {
            throw new IllegalArgumentException(
                    "the scope is '" + scope + "'; expected one of " + String.join(", ", WARMING.keySet()));
        }
        if (!keys.isEmpty() && !WITH_KEYS.contains(scope)) {
            throw new IllegalArgumentException("keys are given; expected none with the scope " + scope);
        }
        if (keys.stream().anyMatch(key -> key.contains(",") || key.isBlank())) {
            throw new IllegalArgumentException("a key is empty or has a comma; expected keys without");
        }
        return jobs.start(job, keys.isEmpty() ? Map.of() : Map.of("keys", String.join(",", keys)));
    }
}
