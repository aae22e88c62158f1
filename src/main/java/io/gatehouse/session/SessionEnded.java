package io.gatehouse.session;

/**
 * That a session has ended, for observers of CDI events: fired once in the cluster, after the session's listeners were told.
 *
 * @param handle its name for admins and logs
 * @param user whose it was, or empty
 */
public record SessionEnded(String handle, String user, EndReason reason) {}
