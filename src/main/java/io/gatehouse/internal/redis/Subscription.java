package io.gatehouse.internal.redis;

/** The state of listening to a channel, from {@link Redis#subscribe} until it is closed. Safe for use by several threads. */
public interface Subscription extends AutoCloseable {

    /** Ends listening; the listener hears nothing more, not even {@link ChannelListener#lost}. */
    @Override
    void close();
}
