package io.gatehouse.internal.session.lease;

import io.gatehouse.internal.redis.ReplyReader;
import java.util.ArrayList;
import java.util.List;

/**
 * A node that may hold a lease on a session, as Redis lists it.
 *
 * @param node the name of the node; each start of a node has another one
 * @param number the number of the node's latest request for a lease on the session
 */
record Holder(String node, long number) {

    /** Reads the rest of a reply: node, number, node, number, ... */
    static List<Holder> remaining(ReplyReader reply) {
        if (!reply.hasNext()) {
            return List.of();
        }
        List<Holder> holders = new ArrayList<>();
        while (reply.hasNext()) {
            holders.add(new Holder(reply.text(), reply.storedNumber(0)));
        }
        return holders;
    }
}
