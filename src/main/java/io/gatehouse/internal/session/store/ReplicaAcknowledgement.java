package io.gatehouse.internal.session.store;

import io.gatehouse.RedisUnavailableException;
import io.gatehouse.internal.config.Config;
import io.gatehouse.internal.config.Setting;
import io.gatehouse.internal.redis.Pipeline;
import io.gatehouse.internal.session.token.SessionEvent;
import java.util.function.Consumer;

/**
 * Waits until replicas of Redis have confirmed the end of a session (and, if configured, every change of a session), so that a failover
 * does not undo it. If too few replicas confirm an end, the session has ended nevertheless. If too few replicas confirm a change, the
 * save fails. Both are counted. Command: {@code WAIT}. Thread-safe.
 */
public final class ReplicaAcknowledgement {
    public static final Setting<Integer> REPLICAS = Setting.number(
            "GATEHOUSE_SESSION_REPLICAS",
            0,
            0,
            100,
            "The number of Redis replicas that should confirm a logout or a termination, so that a failover does not bring the session back; 0 does not wait. Waits for at most half of GATEHOUSE_REDIS_DEADLINE, and then continues.");

    public static final Setting<Scope> REPLICAS_FOR = Setting.choice(
            "GATEHOUSE_SESSION_REPLICAS_FOR",
            Scope.ENDS,
            "The writes that GATEHOUSE_SESSION_REPLICAS applies to: only the ends of sessions (`ends`), or also everything that requests store, including logins (`all`). With `all`, a request is answered 503 if too few replicas confirm its changes in time, although the changes may be stored.");

    /** The writes that replicas should confirm. */
    enum Scope {
        /** Ends of sessions. */
        ENDS,
        /** Ends and changes of sessions. */
        ALL
    }

    private final int wanted;
    private final boolean forAll;
    private final Consumer<SessionEvent> counters;

    /** @param forAll whether replicas confirm every change of a session, not only its end */
    public ReplicaAcknowledgement(int wanted, boolean forAll, Consumer<SessionEvent> counters) {
        this.wanted = wanted;
        this.forAll = forAll;
        this.counters = counters;
    }

    /** Reads the number of replicas from the configuration. */
    public static int from(Config config) {
        return config.read(REPLICAS);
    }

    /** Returns whether the configuration requires that replicas confirm every change. */
    public static boolean isForAll(Config config) {
        return config.read(REPLICAS_FOR) == Scope.ALL;
    }

    /** Returns the configured number of replicas. */
    public int wanted() {
        return wanted;
    }

    /** Requests that replicas confirm the writes of a pipeline. */
    public void request(Pipeline pipeline) {
        if (wanted > 0 && !pipeline.isEmpty()) {
            pipeline.waitForReplicas(wanted);
        }
    }

    /** Requests that replicas confirm the saves of a pipeline, if configured. */
    void requestForSave(Pipeline pipeline) {
        if (forAll) {
            request(pipeline);
        }
    }

    /**
     * Checks that enough replicas have confirmed the saves of a pipeline that was sent.
     *
     * @throws RedisUnavailableException if too few replicas have confirmed them
     */
    void requireSaved(Pipeline pipeline) {
        if (forAll && pipeline.replicasAcknowledged() < wanted) {
            counters.accept(SessionEvent.SAVE_UNCONFIRMED);
            throw new RedisUnavailableException(
                    RedisUnavailableException.Reason.READ_ONLY,
                    "only " + pipeline.replicasAcknowledged() + " replicas have confirmed a change in time; expected "
                            + wanted,
                    null);
        }
    }

    /** Returns the number of replicas that have confirmed a pipeline; the configured number if the pipeline was empty. */
    public int confirmations(Pipeline pipeline) {
        if (pipeline.isEmpty()) {
            return wanted;
        }
        int confirmations = pipeline.replicasAcknowledged();
        if (confirmations < wanted) {
            counters.accept(SessionEvent.END_UNCONFIRMED);
        }
        return confirmations;
    }
}
