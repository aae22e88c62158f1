package io.gatehouse.internal.session;

import io.gatehouse.internal.session.token.SessionEvent;
import io.gatehouse.session.EndReason;

/** Invalidates sessions for the application: ends the record in Redis, and notifies the observer once. Thread-safe. */
final class SessionInvalidator {
    private final SessionRemoval removal;
    private final SessionCounters counters;
    private final LocalValues localValues;
    private final SessionNotifier notifier;

    SessionInvalidator(
            SessionRemoval removal, SessionCounters counters, LocalValues localValues, SessionNotifier notifier) {
        this.removal = removal;
        this.counters = counters;
        this.localValues = localValues;
        this.notifier = notifier;
    }

    /** Ends a session; see {@link SessionRepository#invalidate}. */
    boolean invalidate(Session session) {
        LiveSession live = session.live();
        if (live.isEnded() || !live.ending.begin()) {
            live.ending.await();
            return false;
        }
        try {
            SessionRemoval.Ending ending = endInRedis(session);
            if (ending == SessionRemoval.Ending.ENDED) {
                counters.countEnd(session, EndReason.LOGOUT);
                notifier.ended(session, EndReason.LOGOUT);
            }
        } finally {
            live.end();
            localValues.forget(live.keys());
        }
        return true;
    }

    /** Ends a session in Redis, unless the request is cut off. Calls no code of the application. */
    private SessionRemoval.Ending endInRedis(Session session) {
        SessionEnding progress = session.live().ending;
        SessionRemoval.Ending ending = SessionRemoval.Ending.CUT_OFF;
        try {
            if (session.isCutOff()) {
                counters.count(SessionEvent.REQUEST_CUT_OFF);
            } else {
                ending = removal.end(session);
            }
        } catch (RuntimeException | Error e) {
            progress.failed(e);
            throw e;
        }
        progress.completed();
        if (ending != SessionRemoval.Ending.CUT_OFF) {
            counters.count(SessionEvent.INVALIDATED);
        }
        return ending;
    }
}
