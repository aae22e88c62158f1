package io.gatehouse.internal.session;

/**
 * What a cleanup of one user's sessions did, or would do. Immutable.
 *
 * @param expired the number of expired sessions that it ended
 * @param staleEntries the number of entries that it removed from the user's session list because their sessions no longer exist
 * @param live the number of live sessions of the user
 */
public record UserCleanup(int expired, int staleEntries, int live) {}
