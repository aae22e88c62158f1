package io.gatehouse.internal.ops;

import io.gatehouse.internal.ops.SessionViews.SessionCount;
import io.gatehouse.internal.ops.SessionViews.SessionDetailsView;
import io.gatehouse.internal.ops.SessionViews.SessionList;
import io.gatehouse.internal.ops.SessionViews.SessionView;
import io.gatehouse.internal.ops.SessionViews.TerminationView;
import io.gatehouse.internal.session.RedisSessionManager;
import io.gatehouse.internal.session.UserCleanup;
import io.gatehouse.session.SessionDetails;
import io.gatehouse.session.TerminationResult;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The session operations. A session is named by its handle, which gives no access to it. */
public final class SessionOperations {
    private static final Pattern HANDLE = Pattern.compile("[A-Za-z0-9_-]{22}");

    private final RedisSessionManager sessions;

    SessionOperations(RedisSessionManager sessions) {
        this.sessions = sessions;
    }

    /**
     * Returns one page of all sessions.
     *
     * @param cursor {@code next} of the previous page, or empty
     * @param limit the approximate number of sessions, from 1 to 1000
     */
    public SessionList list(String cursor, int limit) {
        return SessionList.of(sessions.list(cursor, limit));
    }

    /** Returns the sessions of a user, the most recently used first; at most 1000. */
    public SessionList ofUser(String user) {
        checkUser(user);
        return new SessionList(
                sessions.getUserSessions(user).stream().map(SessionView::of).toList(), null);
    }

    /** Returns the details of one session. */
    public SessionDetailsView show(String handle) {
        SessionDetails details = sessions.getSession(checked(handle));
        if (details == null) {
            throw notFound();
        }
        return SessionDetailsView.of(details);
    }

    /** Returns the number of sessions. */
    public SessionCount count() {
        return new SessionCount(sessions.countSessions());
    }

    /** Ends one session. */
    public TerminationView terminate(String handle) {
        TerminationResult result = sessions.terminate(checked(handle));
        if (result.ended() == 0) {
            throw notFound();
        }
        return TerminationView.of(result);
    }

    /** Ends the sessions of a user, except the one with the given handle, if any. */
    public TerminationView terminateUser(String user, @Nullable String exceptHandle) {
        checkUser(user);
        return TerminationView.of(
                sessions.terminateUserSessions(user, exceptHandle == null ? null : checked(exceptHandle)));
    }

    /** Ends all sessions of the application. */
    public TerminationView terminateAll() {
        return TerminationView.of(sessions.terminateAll());
    }

    /** Ends the expired sessions of a user, and removes the entries of the user's session list whose sessions do not exist. */
    public UserCleanup cleanUpUser(String user) {
        checkUser(user);
        return sessions.cleanUpUser(user);
    }

    /** Returns what {@link #cleanUpUser} would do; expired sessions count as stale entries. Changes nothing. */
    public UserCleanup previewUserCleanup(String user) {
        checkUser(user);
        return sessions.previewUserCleanup(user);
    }

    private static NotFoundException notFound() {
        return new NotFoundException("no such session; it may have ended or expired");
    }

    private static String checked(String handle) {
        if (!HANDLE.matcher(handle).matches()) {
            throw new IllegalArgumentException(
                    "invalid session handle; expected 22 letters, digits, hyphens or underscores");
        }
        return handle;
    }

    private static void checkUser(String user) {
        if (user.isBlank()) {
            throw new IllegalArgumentException("the user is empty; expected a user name");
        }
    }
}
