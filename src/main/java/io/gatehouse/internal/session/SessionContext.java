package io.gatehouse.internal.session;

import io.gatehouse.internal.session.token.SessionKeys;
import io.gatehouse.session.SessionLimitReachedException;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/**
 * What all sessions of an application have in common.
 *
 * @param attributes makes the empty attributes of one
 * @param notifier reports their events
 * @param lifetimes how long they may live
 * @param ids keeps the text of public ids
 * @param nonces gives texts that do not repeat
 * @param admission called before one becomes a user's; throws {@link SessionLimitReachedException}
 */
record SessionContext(
        Supplier<SessionAttributes> attributes,
        SessionNotifier notifier,
        SessionLifetimes lifetimes,
        SessionIdStrings ids,
        Supplier<String> nonces,
        BiConsumer<String, SessionKeys> admission) {}
