package io.gatehouse.internal.session.lease;

import io.gatehouse.internal.redis.ReplyReader;
import io.gatehouse.internal.redis.ScriptArgs;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * One change or end of a session, or of the sessions of a user, whose script notifies the nodes that hold leases. Closing it lets go of the
 * copies of this node, and waits until no other node answers from a copy without the change: until it has acknowledged, or until its lease
 * has ended. Does not wait if the outcome of the script is unknown, because the caller then reports a failure.
 *
 * <p>Three arguments of the script: the prefix of the channels, the name of this node, and the message to the holders.
 */
public final class LeaseChange implements AutoCloseable {
    private final SessionLeases leases;
    private final String name;
    private final LeaseWait wait;
    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile boolean sent;

    LeaseChange(SessionLeases leases, String name, LeaseWait wait) {
        this.leases = leases;
        this.name = name;
        this.wait = wait;
    }

    /** Adds the arguments that a script needs to notify the holders; with null, it notifies none. */
    public static void addTo(ScriptArgs args, @Nullable LeaseChange change) {
        ScriptArgs unused = change == null ? args.empty().empty().empty() : change.addTo(args);
    }

    /** Adds the arguments that the script needs to notify the holders. */
    public ScriptArgs addTo(ScriptArgs args) {
        sent = true;
        return args.text(leases.channelPrefix())
                .text(leases.node())
                .bytes(new LeaseMessage(leases.node(), wait.number(), name).encoded());
    }

    /** Reads the holders that the script has notified: the rest of its reply. */
    public void readHolders(ReplyReader reply) {
        leases.heldBy(wait, Holder.remaining(reply));
    }

    /** Lets go of the copies of this node, and waits for the other nodes. Further calls have no effect. */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            if (sent) {
                leases.settle(name, wait);
            } else {
                leases.forget(wait);
            }
        }
    }
}
