package io.gatehouse.internal.ratelimit;

import java.time.Instant;

/**
 * An application that shares this Redis and its key prefix.
 *
 * @param nodes how many of its nodes live
 * @param lastSeen when one of them was last heard of, within the last seven days
 */
public record ApplicationInfo(String name, int nodes, Instant lastSeen) {}
