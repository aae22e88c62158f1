package io.gatehouse.internal.session;

/** The times of the present and the previous use of a session, in milliseconds since 1970. Not thread-safe; guarded by the live session. */
final class UseTimes {
    private long previous;
    private long present;

    UseTimes(long previous, long present) {
        this.previous = previous;
        this.present = present;
    }

    UseTimes copy() {
        return new UseTimes(previous, present);
    }

    long previous() {
        return previous;
    }

    long present() {
        return present;
    }

    /** Records a use; has no effect if a later one was recorded. */
    void used(long before, long now) {
        if (now > present) {
            previous = Math.max(before, previous);
            present = now;
        }
    }
}
