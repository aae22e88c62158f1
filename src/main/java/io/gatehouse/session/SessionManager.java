package io.gatehouse.session;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Lists, inspects, counts and terminates the sessions of an application from outside of their requests. Lists read metadata
 * only, and no method returns the value of an attribute. When a method that ends sessions returns, no node accepts them any
 * more, and the listeners of this node have been notified. Thread-safe.
 *
 * <pre>{@code
 * @Inject
 * SessionManager sessions;
 *
 * for (SessionInfo session : sessions.getUserSessions("user123")) {
 *     log.info(session.device() + " " + session.lastAccessedAt());
 * }
 * sessions.terminateUserSessions("user123", currentHandle); // after a change of the password
 * }</pre>
 *
 * <p>A session is named by its handle, which is not secret: {@code HttpSession.getId()} is the handle, a dot, and the number of
 * id changes. Methods that take a handle also take such an id. Every method throws {@link io.gatehouse.RedisUnavailableException} if Redis does not answer in time.
 */
public interface SessionManager {

    /** Returns the live sessions of a user, the one used last first; at most 1,000. Two round trips. */
    List<SessionInfo> getUserSessions(String user);

    /**
     * Returns a page of all sessions, in no particular order. A session that exists during the whole iteration is on at least one
     * page. A page holds about {@code limit} sessions: up to 128 more, or fewer. Three round trips.
     *
     * @param cursor {@link SessionPage#next} of the previous page, or an empty string for the first page
     * @param limit from 1 to 1,000
     * @throws IllegalArgumentException if the cursor is invalid or the limit is out of range
     */
    SessionPage list(String cursor, int limit);

    /** Returns the details of a session without using it, or null if there is no such session. One round trip. */
    @Nullable
    SessionDetails getSession(String handle);

    /**
     * Extends the life of a session as a request does, for work that is not a request, such as the messages of a WebSocket. One
     * round trip.
     *
     * @return false if the session does not exist or has ended; close the connection then
     */
    boolean touch(String handle);

    /** Terminates a session. */
    TerminationResult terminate(String handle);

    /**
     * Terminates the sessions of a user. Sessions that the user's index lacks, for example after a crash between two masters of a
     * cluster, are rejected too, but not counted; their listeners are notified when they expire. A concurrent login happens
     * either before the call or after it.
     *
     * @param exceptHandle the session to keep, such as that of the present request, or null
     */
    TerminationResult terminateUserSessions(String user, @Nullable String exceptHandle);

    /** Terminates every session of the application. The cost is proportional to their number. */
    TerminationResult terminateAll();

    /** Returns the number of sessions, expired sessions that are not cleaned up yet included. One round trip. */
    long countSessions();

    /**
     * Removes expired sessions and notifies their listeners. The cost is proportional to the expired sessions, not to the live
     * ones. Several nodes may call it at once: each session is removed by one of them.
     *
     * @return the number of sessions that this node has removed
     */
    int cleanupExpiredSessions();
}
