package io.gatehouse.internal.redis.connect;

/**
 * Decides when a subscription sends {@code PING}, and when its connection counts as dead. It counts checks, which come every half
 * second, and not time: a pause of this virtual machine does not count as silence of the server.
 *
 * <p>While the server answers, every fourth check sends a ping. While it does not, every check does, and the check after the fourth
 * unanswered ping finds the connection dead: at most four seconds after the last reply. Thread-safe.
 */
final class PingSchedule {
    static final long CHECK_INTERVAL_MILLIS = 500;

    private static final int CHECKS_PER_PING = 4;
    private static final int MAX_UNANSWERED = 4;

    private int unanswered;
    private int checksSincePing;

    /** Notes that the server sent something. */
    synchronized void heard() {
        unanswered = 0;
    }

    /** Returns whether the server has not answered for too long. */
    synchronized boolean isDead() {
        return unanswered >= MAX_UNANSWERED;
    }

    /** Counts a check and returns whether to send a ping now. */
    synchronized boolean isDue() {
        checksSincePing++;
        if (unanswered == 0 && checksSincePing < CHECKS_PER_PING) {
            return false;
        }
        checksSincePing = 0;
        unanswered++;
        return true;
    }
}
