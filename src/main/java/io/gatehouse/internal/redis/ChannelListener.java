package io.gatehouse.internal.redis;

/**
 * Hears what a {@link Subscription} has to tell, always on the thread of the subscription, one thing after the other. Should
 * be quick, because nothing else is heard meanwhile; what it throws is logged and changes nothing.
 */
public interface ChannelListener {

    /** The server has confirmed: whatever is published from now on is heard, until {@link #lost}. */
    void connected();

    /** Somebody published this. */
    void received(byte[] message);

    /** The connection is gone, and what is published until {@link #connected} is missed; called once for each loss. */
    void lost();
}
