package io.gatehouse.internal.redis.connect;

import org.jspecify.annotations.Nullable;
import redis.clients.jedis.exceptions.JedisDataException;

/** A command of an exchange: where it goes, in which form, and what may be done after a failure. */
interface RoutedCommand extends NodePipeline.Outgoing {
    /** Returns the first key, which determines the node; null for a command that any master can run. */
    byte @Nullable [] key();

    /** Returns the database in which the command runs. */
    int database();

    /** Sends the command; a script by its hash ({@code EVALSHA}). */
    @Override
    void sendTo(NodeConnection over);

    /** Sends the text of a script ({@code EVAL}) instead of its hash, because the server does not have it. */
    default void sendTextTo(NodeConnection over) {
        sendTo(over);
    }

    /** Returns whether the command is a script that returns the mark of its exchange. */
    default boolean returnsMark() {
        return false;
    }

    /** Returns the size above which the reply is skipped instead of received; 0 for no limit. */
    default long mostBytes() {
        return 0;
    }

    /** Returns whether the text of a script can be sent after {@code NOSCRIPT}. */
    boolean hasText();

    /** Returns whether running the command twice has the same effect as running it once. */
    boolean repeatable();

    /** Returns whether an error reply to the command means that the whole node cannot work. */
    boolean isNodeFailure(JedisDataException error);
}
