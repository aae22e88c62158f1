package io.gatehouse.internal.session;

import io.gatehouse.internal.redis.Redis;
import io.gatehouse.internal.session.store.SessionSummaryReader;
import io.gatehouse.internal.session.store.SessionSummaryReader.SessionSummary;
import io.gatehouse.internal.session.store.UserIndex;
import io.gatehouse.session.EndReason;
import io.gatehouse.session.TerminationResult;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Ends the sessions of a user that exceed the maximum of a {@link SessionLimit.Rule}, after a new session was stored. The sessions
 * are sorted by login time or by last use, and by handle where these are equal. All nodes use the same order, so nodes that evict
 * at the same time end the same sessions and never too many. Thread-safe.
 */
final class SessionEviction {
    private final SessionLimit.Rule rule;
    private final Redis redis;
    private final UserIndex users;
    private final SessionSummaryReader sessionSummaryReader;
    private final SessionReaper sessionReaper;

    SessionEviction(
            SessionLimit.Rule rule,
            Redis redis,
            UserIndex users,
            SessionSummaryReader sessionSummaryReader,
            SessionReaper sessionReaper) {
        this.rule = rule;
        this.redis = redis;
        this.users = users;
        this.sessionSummaryReader = sessionSummaryReader;
        this.sessionReaper = sessionReaper;
    }

    /** Returns whether the number of sessions per user is limited, whatever the action is. */
    boolean isLimited() {
        return rule.isOn();
    }

    /**
     * Ends the sessions of a user that exceed the maximum. Does nothing if the action is to refuse new sessions.
     *
     * @param indexed the number of the user's sessions in the index that the new session was added to
     */
    void enforce(String user, long indexed) {
        if (!rule.isOn()
                || rule.action() == SessionLimit.Action.DENY
                || (indexed <= rule.most() && !users.hasSeveralKeys())) {
            return;
        }
        List<SessionSummary> sessions = new ArrayList<>(users.sessions(redis, sessionSummaryReader, user));
        sessions.sort(
                order().thenComparing(sessionSummary -> sessionSummary.keys().handle()));
        for (SessionSummary sessionSummary : sessions.subList(0, Math.max(0, sessions.size() - rule.most()))) {
            TerminationResult unused = sessionReaper.end(sessionSummary.keys(), EndReason.EVICTED);
        }
    }

    private Comparator<SessionSummary> order() {
        return rule.action() == SessionLimit.Action.EVICT_IDLE
                ? Comparator.comparingLong(SessionSummary::lastAccess)
                : Comparator.comparingLong(
                        sessionSummary -> sessionSummary.metadata().authenticatedAt());
    }
}
