package io.gatehouse.internal.redis;

/** A subscription to a channel, made by {@link Redis#subscribe}. Thread-safe. */
public interface Subscription extends AutoCloseable {

    /** Ends the subscription. The listener receives no further event, not even {@link ChannelListener#lost}. */
    @Override
    void close();
}
