package io.gatehouse.internal.health;

import io.gatehouse.internal.ops.CacheViews.NodeCacheView;
import io.gatehouse.internal.ops.JsonMember;
import org.jspecify.annotations.Nullable;

/**
 * The health of the cache of this node. Component names are those of the JSON.
 *
 * @param warm whether the warm-up is complete, or null if the cache is disabled
 * @param cache its regions, or null if the cache is disabled
 */
record CacheReport(
        String status,
        boolean enabled,
        @Nullable Boolean warm,
        @JsonMember(unwrapped = true) @Nullable NodeCacheView cache) {}
