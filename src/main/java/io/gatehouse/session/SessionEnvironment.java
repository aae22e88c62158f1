package io.gatehouse.session;

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
 * @param admission called before one becomes a user's; throws {@link SessionLimitReached}
 */
record SessionEnvironment(
        Supplier<Attributes> attributes,
        SessionNotifier notifier,
        SessionLifetimes lifetimes,
        SessionIdStrings ids,
        Supplier<String> nonces,
        BiConsumer<String, Location> admission) {}
