package io.gatehouse.warmup;

import java.time.Duration;

/**
 * The outcome of one run of the {@link Warmer}. Immutable.
 *
 * <pre>{@code
 * WarmupReport report = warmer.warmRoles();
 * if (!report.complete() || report.failed() > 0) {
 *     log.warn(report.failed() + " roles not warmed after " + report.took());
 * }
 * }</pre>
 *
 * @param scope the scope that was warmed, or {@code all}
 * @param warmed the number of entries that the cache has accepted
 * @param missing the number of keys for which no source has a value
 * @param failed the number of keys that failed, plus one for each source that failed as a whole
 * @param took the duration of the run
 * @param complete false if the deadline passed, the thread was interrupted, or a source failed as a whole
 */
public record WarmupReport(String scope, long warmed, long missing, long failed, Duration took, boolean complete) {}
