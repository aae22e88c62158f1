/**
 * Access to Redis. Calls are collected in a pipeline and sent together, in one round trip for each server, within a deadline.
 *
 * <p>Standalone, Sentinel and Cluster look the same to callers. A failure is a {@code RedisUnavailableException}, which may
 * not repeat, or a {@code RedisRejectedException}, which would. Only this package and its subpackages import Jedis.
 */
@NullMarked
package io.gatehouse.internal.redis;

import org.jspecify.annotations.NullMarked;
