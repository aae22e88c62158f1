package io.gatehouse.warming;

import java.time.Duration;

/**
 * What became of a run.
 *
 * @param scope what was warmed: a scope, or {@code all}
 * @param warmed how many entries the cache has taken
 * @param missing how many keys no source has a value for
 * @param failed how many keys failed, and as one each the sources that failed as a whole
 * @param complete whether everything was tried; false if time was up, or the run was interrupted, or a source failed as a whole
 */
public record WarmupReport(String scope, long warmed, long missing, long failed, Duration took, boolean complete) {}
