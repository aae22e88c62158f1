package io.gatehouse.internal.web;

import io.gatehouse.internal.tracing.Tracing;
import org.jspecify.annotations.Nullable;

/**
 * What the filter reports about requests.
 *
 * @param tracing starts spans
 * @param redisTime measures exchanges with Redis for {@code Server-Timing}, or null without that header
 */
public record RequestReports(Tracing tracing, @Nullable RedisTime redisTime) {}
