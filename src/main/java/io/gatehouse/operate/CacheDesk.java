package io.gatehouse.operate;

import io.gatehouse.cache.CacheInvalidator;
import io.gatehouse.cache.CacheManager;
import io.gatehouse.cache.CacheRegion;
import io.gatehouse.cache.Invalidation;
import io.gatehouse.cache.RegionStatistics;
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

    private final @Nullable CacheManager cache;
    private final JobDesk jobs;

    CacheDesk(@Nullable CacheManager cache, JobDesk jobs) {
        this.cache = cache;
        this.jobs = jobs;
    }

    private CacheManager cache() {
        if (cache == null) {
            throw new SwitchedOff();
        }
        return cache;
    }

    /** {@code regions} of all nodes together since their start, and how this node hears of what others change. */
    public Document statistics() {
        CacheManager open = cache();
        return new Document()
                .with("nodes", open.nodes())
                .with("connected", open.isConnected())
                .seconds("staleness", open.staleness())
                .with("gaps", open.gaps())
                .with(
                        "regions",
                        open.clusterStatistics().stream()
                                .map(CacheDesk::document)
                                .toList());
    }

    /** {@code regions} of this node since its start; never asks Redis. */
    public Document ofThisNode() {
        CacheManager open = cache();
        return new Document()
                .with("connected", open.isConnected())
                .seconds("staleness", open.staleness())
                .with("gaps", open.gaps())
                .with(
                        "regions",
                        open.statistics().stream().map(CacheDesk::document).toList());
    }

    private static Document document(RegionStatistics region) {
        long asked = region.firstLevelHits() + region.secondLevelHits() + region.misses();
        return new Document()
                .with("region", region.region())
                .with("firstLevelHits", region.firstLevelHits())
                .with("secondLevelHits", region.secondLevelHits())
                .with("misses", region.misses())
                .with(
                        "hitRatio",
                        asked == 0 ? null : (region.firstLevelHits() + region.secondLevelHits()) / (double) asked)
                .with("loads", region.loads())
                .with("loadFailures", region.loadFailures())
                .with("loadMicros", region.loadMicros())
                .with("staleServed", region.staleServed())
                .with("evictions", region.evictions())
                .with("invalidations", region.invalidations())
                .with("unreadable", region.unreadable())
                .with("notStored", region.notStored())
                .with("entries", region.entries())
                .with("bytes", region.bytes());
    }

    /** Takes out what is known of a user: how many {@code entries} went, and how many nodes confirmed. */
    public Document invalidateUser(String user) {
        return document(invalidator().invalidateUserCache(user));
    }

    /** Takes out one key of a region, which need not have been there. */
    public Document invalidateKey(String region, String key) {
        CacheRegion found = cache().region(region);
        return new Document().with("entries", found.remove(key) ? 1 : 0);
    }

    /** Takes out what fits, such as {@code oauth:*}. */
    public Document invalidatePattern(String pattern) {
        return document(invalidator().invalidateByPattern(pattern));
    }

    /** Takes out all with a tag. */
    public Document invalidateTag(String tag) {
        return document(invalidator().invalidateByTag(tag));
    }

    /** Takes out all of a region. */
    public Document invalidateRegion(String region) {
        return document(invalidator().invalidateAll(region));
    }

    private CacheInvalidator invalidator() {
        return cache().invalidator();
    }

    private static Document document(Invalidation invalidation) {
        return new Document()
                .with("entries", invalidation.entries())
                .with("nodesConfirmed", invalidation.nodesConfirmed())
                .with("nodes", invalidation.nodes());
    }

    /**
     * Has a node warm a scope, or some keys of it: the run that was submitted.
     *
     * @param scope {@code user}, {@code oauth}, {@code roles} or {@code all}
     * @param keys the keys, or empty for all; none with {@code all}
     */
    public Document warm(String scope, List<String> keys) {
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
