package io.gatehouse.session;

import io.gatehouse.redis.Redis;
import io.gatehouse.session.Glances.Glance;
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
    private final Glances glances;
    private final Endings endings;

    SessionEviction(SessionLimit.Rule rule, Redis redis, UserIndex users, Glances glances, Endings endings) {
        this.rule = rule;
        this.redis = redis;
        this.users = users;
        this.glances = glances;
        this.endings = endings;
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
                || (indexed <= rule.most() && !users.isSpread())) {
            return;
        }
        List<Glance> sessions = new ArrayList<>(users.sessions(redis, glances, user));
        sessions.sort(order().thenComparing(glance -> glance.location().handle()));
        for (Glance glance : sessions.subList(0, Math.max(0, sessions.size() - rule.most()))) {
            Termination unused = endings.end(glance.location(), EndReason.EVICTED);
        }
    }

    private Comparator<Glance> order() {
        return rule.action() == SessionLimit.Action.EVICT_IDLE
                ? Comparator.comparingLong(Glance::lastAccess)
                : Comparator.comparingLong(glance -> glance.metadata().authenticatedAt());
    }
}
