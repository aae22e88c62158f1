package io.gatehouse.internal.session;

import io.gatehouse.internal.session.token.SessionKeys;
import io.gatehouse.session.SessionLimitReachedException;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/**
 * The collaborators that all live sessions of an application share. Immutable.
 *
 * @param attributes creates the empty attributes of a session
 * @param notifier notifies the observer of events
 * @param lifetimes the configured lifetimes
 * @param ids the canonical texts of public ids
 * @param nonces generates unique texts
 * @param admission called before a user logs in to a session; throws {@link SessionLimitReachedException}
 */
record SessionContext(
        Supplier<SessionAttributes> attributes,
        SessionNotifier notifier,
        SessionLifetimes lifetimes,
        SessionIdStrings ids,
        Supplier<String> nonces,
        BiConsumer<String, SessionKeys> admission) {}
