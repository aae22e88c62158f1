package io.gatehouse.internal.ratelimit;

import java.time.Instant;

/**
 * An application that shares this Redis and its key prefix.
 *
 * @param nodes the number of its nodes that are alive
 * @param lastSeen the time of the last heartbeat of any of its nodes; never more than seven days ago
 */
public record ApplicationInfo(String name, int nodes, Instant lastSeen) {}
