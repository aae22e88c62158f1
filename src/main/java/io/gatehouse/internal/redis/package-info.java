/**
 * The port to Redis: calls are collected in a pipeline and sent together, in one round trip per server, within a deadline.
 *
 * <p>Standalone, Sentinel and Cluster look the same to callers. Failures are {@code RedisUnavailableException} (try again
 * later) or {@code RedisRejectedException} (an error that repeats). Only this package and its subpackages import Jedis.
 */
@NullMarked
package io.gatehouse.internal.redis;

import org.jspecify.annotations.NullMarked;
