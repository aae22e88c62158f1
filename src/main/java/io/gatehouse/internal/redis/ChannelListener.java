package io.gatehouse.internal.redis;

/**
 * Receives the events of a {@link Subscription}, one at a time, on the thread of the subscription.
 *
 * <p>Callbacks must be quick: no other event is delivered while one runs. An exception that a callback throws is logged and
 * ignored.
 */
public interface ChannelListener {

    /** The server confirmed the subscription. Every message published from now on is received, until {@link #lost}. */
    void connected();

    /** A message was published. */
    void received(byte[] message);

    /** The connection broke. Messages published until {@link #connected} are missed. Called once for each loss. */
    void lost();
}
