package io.gatehouse.internal.diagnostics;

/**
 * How long something took.
 *
 * @param subject the purposes of Redis, between commas
 * @param name what was done: {@code ping} or {@code script}
 * @param count how often
 * @param p50Micros what half of them took at most
 * @param p99Micros what 99 of 100 took at most
 */
public record Measurement(String subject, String name, int count, long p50Micros, long p99Micros) {}
