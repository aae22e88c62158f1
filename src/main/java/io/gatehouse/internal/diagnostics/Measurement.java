package io.gatehouse.internal.diagnostics;

/**
 * The measured round trip times of one server.
 *
 * @param subject the Redis purposes that the server serves, separated by commas
 * @param name what was measured: {@code ping} or {@code script}
 * @param count the number of round trips
 * @param p50Micros the median in microseconds
 * @param p99Micros the 99th percentile in microseconds
 */
public record Measurement(String subject, String name, int count, long p50Micros, long p99Micros) {}
