package io.gatehouse.session;

import io.gatehouse.config.Config;
import io.gatehouse.config.Setting;
import io.gatehouse.redis.Flight;

/**
 * How many replicas of Redis should have the end of a session before it is reported, so that a failover does not bring the
 * session back. Too few are counted; the session has ended all the same. Command: {@code WAIT}.
 */
final class Durability {
    static final Setting<Integer> REPLICAS = Setting.number(
            "GATEHOUSE_SESSION_REPLICAS",
            0,
            0,
            100,
            "How many replicas of Redis should confirm a log-out or an end from outside, so that a failover does not bring the session back; 0 not to wait. Waits for half of GATEHOUSE_REDIS_DEADLINE at most, and then goes on.");

    private final int wanted;
    private final SessionCounters counters;

    Durability(int wanted, SessionCounters counters) {
        this.wanted = wanted;
        this.counters = counters;
    }

    static int from(Config config) {
        return config.read(REPLICAS);
    }

    int wanted() {
        return wanted;
    }

    /** Has what a flight changes confirmed. */
    void ask(Flight flight) {
        if (wanted > 0 && !flight.isEmpty()) {
            flight.confirmBy(wanted);
        }
    }

    /** How many replicas have confirmed a flight that was sent; as many as wanted if it had nothing to change. */
    int confirmations(Flight flight) {
        if (flight.isEmpty()) {
            return wanted;
        }
        int confirmations = flight.confirmations();
        if (confirmations < wanted) {
            counters.count(SessionEvent.END_UNCONFIRMED);
        }
        return confirmations;
    }
}
