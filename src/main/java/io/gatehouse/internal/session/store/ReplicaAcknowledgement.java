package io.gatehouse.internal.session.store;

import io.gatehouse.RedisUnavailableException;
import io.gatehouse.internal.config.Config;
import io.gatehouse.internal.config.Setting;
import io.gatehouse.internal.redis.Pipeline;
import io.gatehouse.internal.session.token.SessionEvent;
import java.util.function.Consumer;

/**
 * How many replicas of Redis should have the end of a session, and by setting every change of one, before it is reported, so
 * that a failover does not undo it. If too few have an end, the session has ended all the same; if too few have a change, the
 * change is reported as not stored. Both are counted. Command: {@code WAIT}.
 */
public final class ReplicaAcknowledgement {
    public static final Setting<Integer> REPLICAS = Setting.number(
            "GATEHOUSE_SESSION_REPLICAS",
            0,
            0,
            100,
            "How many replicas of Redis should confirm a log-out or an end from outside, so that a failover does not bring the session back; 0 not to wait. Waits for half of GATEHOUSE_REDIS_DEADLINE at most, and then goes on.");

    public static final Setting<Scope> REPLICAS_FOR = Setting.choice(
            "GATEHOUSE_SESSION_REPLICAS_FOR",
            Scope.ENDS,
            "What GATEHOUSE_SESSION_REPLICAS is for: only ends of sessions (`ends`), or also everything that requests store, logins included (`all`). With `all` a request whose changes too few replicas confirm in time gets 503, although its changes may stay.");

    /** What replicas should confirm. */
    enum Scope {
        /** Ends of sessions. */
        ENDS,
        /** Everything that is stored of them. */
        ALL
    }

    private final int wanted;
    private final boolean forAll;
    private final Consumer<SessionEvent> counters;

    /** @param forAll whether replicas should have every change of a session, and not only its end */
    public ReplicaAcknowledgement(int wanted, boolean forAll, Consumer<SessionEvent> counters) {
        this.wanted = wanted;
        this.forAll = forAll;
        this.counters = counters;
    }

    public static int from(Config config) {
        return config.read(REPLICAS);
    }

    public static boolean isForAll(Config config) {
        return config.read(REPLICAS_FOR) == Scope.ALL;
    }

    public int wanted() {
        return wanted;
    }

    /** Has what a flight changes confirmed. */
    public void ask(Pipeline pipeline) {
        if (wanted > 0 && !pipeline.isEmpty()) {
            pipeline.waitForReplicas(wanted);
        }
    }

    /** Has what a flight stores confirmed, if that is wanted. */
    void askForSave(Pipeline pipeline) {
        if (forAll) {
            ask(pipeline);
        }
    }

    /**
     * To be called after such a flight was sent and has stored something.
     *
     * @throws RedisUnavailableException if too few replicas have it
     */
    void requireSaved(Pipeline pipeline) {
        if (forAll && pipeline.replicasAcknowledged() < wanted) {
            counters.accept(SessionEvent.SAVE_UNCONFIRMED);
            throw new RedisUnavailableException(
                    RedisUnavailableException.Reason.READ_ONLY,
                    "only " + pipeline.replicasAcknowledged() + " of the " + wanted
                            + " replicas wanted have confirmed a change in time",
                    null);
        }
    }

    /** How many replicas have confirmed a flight that was sent; as many as wanted if it had nothing to change. */
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
