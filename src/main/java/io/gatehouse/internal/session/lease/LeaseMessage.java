package io.gatehouse.internal.session.lease;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A message on the channel of a node: {@code let-go <writer> <number> <name>} to a node that may hold a lease, and {@code done <node>
 * <number>} to the writer. Names are those that Redis shows anyway; no message contains a session id.
 *
 * @param sender the node that has sent the message
 * @param number the number of the change among those of the writer
 * @param name the name of the session in Redis, or the tag of a user; null in an acknowledgement
 */
record LeaseMessage(String sender, long number, @Nullable String name) {
    private static final String LET_GO = "let-go";
    private static final String DONE = "done";

    /** Returns the message as it is sent. */
    byte[] encoded() {
        String text =
                name == null ? DONE + ' ' + sender + ' ' + number : LET_GO + ' ' + sender + ' ' + number + ' ' + name;
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Reads a message; null if it is malformed. */
    static @Nullable LeaseMessage read(byte[] message) {
        String[] parts = new String(message, StandardCharsets.UTF_8).split(" ", -1);
        boolean letGo = parts.length == 4 && parts[0].equals(LET_GO);
        boolean done = parts.length == 3 && parts[0].equals(DONE);
        if (!letGo && !done) {
            return null;
        }
        try {
            return new LeaseMessage(parts[1], Long.parseLong(parts[2]), letGo ? parts[3] : null);
        } catch (NumberFormatException e) {
            return null;
        }
    }
}
