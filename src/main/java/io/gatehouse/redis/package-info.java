/**
 * Talks to Redis, and is the only package that imports Jedis.
 *
 * <p>Others see a narrow port, {@link io.gatehouse.redis.Redis}: scripts and commands are gathered into a
 * {@link io.gatehouse.redis.Flight} and sent together, in one round trip for each server, within a deadline. Standalone,
 * Sentinel and Cluster look the same from outside; what fails comes out as {@link io.gatehouse.redis.RedisUnavailable}.
 */
@NullMarked
package io.gatehouse.redis;

import org.jspecify.annotations.NullMarked;
