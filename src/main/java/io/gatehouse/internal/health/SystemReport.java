package io.gatehouse.internal.health;

import io.gatehouse.internal.ops.JobViews.NodeJobsView;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The health of this node. Component names are those of the JSON.
 *
 * @param degraded whether Redis or the cache is partly unavailable
 * @param sessionIntegration whose sessions the container uses: {@code filter} its own, {@code container} those of Gatehouse; null without one
 * @param java the version of Java, or null unless the caller is an administrator
 */
record SystemReport(
        String status,
        boolean degraded,
        String application,
        Duration uptime,
        RedisReport redis,
        CacheReport cache,
        Optional<NodeJobsView> jobs,
        Heap heap,
        @Nullable String sessionIntegration,
        @Nullable String java) {

    /** The heap of this process. */
    record Heap(long usedBytes, long maxBytes) {}
}
