package io.gatehouse.operate;

import io.gatehouse.cache.CacheInvalidator;
import io.gatehouse.cache.CacheManager;
import io.gatehouse.cache.CacheRegion;
import io.gatehouse.cache.DefaultCacheInvalidator;
import io.gatehouse.cache.DefaultCacheManager;
import io.gatehouse.cache.DefaultCacheRegion;
import io.gatehouse.cache.Invalidation;
import io.gatehouse.cache.RegionStatistics;
import io.gatehouse.operate.CacheViews.ClusterCacheView;
import io.gatehouse.operate.CacheViews.InvalidationView;
import io.gatehouse.operate.CacheViews.NodeCacheView;
import io.gatehouse.operate.CacheViews.RegionView;
import io.gatehouse.operate.JobViews.JobView;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The cache: what it does, and what is to be taken out of it or put into it. */
public final class CacheDesk {
    /** What can be warmed, and the job that does it. */
    private static final Map<String, String> WARMING = new TreeMap<>(Map.of(
            "user",
            JobDesk.WARM_USERS,
            "oauth",
            JobDesk.WARM_OAUTH,
            "roles",
            JobDesk.WARM_ROLES,
            "all",
            JobDesk.WARM_ALL));

    private static final Set<String> WITH_KEYS = Set.of("user", "oauth", "roles");

    private final @Nullable DefaultCacheManager cache;
    private final JobDesk jobs;

    CacheDesk(@Nullable DefaultCacheManager cache, JobDesk jobs) {
        this.cache = cache;
        this.jobs = jobs;
    }

    private DefaultCacheManager cache() {
        if (cache == null) {
            throw new SwitchedOff();
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
