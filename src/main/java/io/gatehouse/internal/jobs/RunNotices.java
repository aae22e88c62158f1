package io.gatehouse.internal.jobs;

import io.gatehouse.GatehouseException;
import org.jspecify.annotations.Nullable;

/**
 * The notices between nodes that a run was added to the queue. They may be lost, because a node also asks without them.
 * Thread-safe.
 */
public final class RunNotices {
    private static final System.Logger LOG = System.getLogger(RunNotices.class.getName());

    private final DueTimer due = new DueTimer();
    private volatile @Nullable Runnable sender;

    RunNotices() {}

    /**
     * Sets what sends a notice to the other nodes, which then call {@link #received}. Without it, nodes ask more often.
     *
     * @param newSender may block; its {@link GatehouseException}s are ignored
     */
    public void sendBy(Runnable newSender) {
        sender = newSender;
    }

    /** Returns whether notices are sent. */
    boolean areSent() {
        return sender != null;
    }

    /** Lets this node ask for runs now, because another node has added one to the queue. Does not block. */
    public void received() {
        due.setNow();
    }

    /** Lets this node and all others ask for runs now. */
    void runAdded() {
        due.setNow();
        Runnable current = sender;
        if (current != null) {
            try {
                current.run();
            } catch (GatehouseException e) {
                LOG.log(System.Logger.Level.DEBUG, "Could not notify the other nodes of a run: {0}", e.getMessage());
            }
        }
    }

    /** Returns the time at which a run may be due. */
    DueTimer due() {
        return due;
    }
}
