package io.gatehouse.internal.diagnostics;

/**
 * The measured times of round trips to one server, or of a piece of work that needs one or more.
 *
 * @param subject the Redis purposes that the server serves, separated by commas
 * @param name what was measured: {@code ping}, {@code script}, {@code session save}, {@code session read}, {@code rate limit decision} or
 *     {@code cache get}
 * @param count how often it was measured
 * @param p50Micros the median in microseconds
 * @param p99Micros the 99th percentile in microseconds
 */
public record Measurement(String subject, String name, int count, long p50Micros, long p99Micros) {}
