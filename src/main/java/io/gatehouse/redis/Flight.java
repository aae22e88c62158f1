package io.gatehouse.redis;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Several calls that travel together: one round trip for each server they need, side by side where there are several.
 * Belongs to one thread and is sent once.
 */
public final class Flight {
    private final List<Call<?>> calls = new ArrayList<>();
    private final List<Reply<?>> replies = new ArrayList<>();
    private int replicas;
    private @Nullable Integer confirmations;

    /** Adds a call; its reply has a value after {@link Redis#send}. */
    public <T> Reply<T> add(Call<T> call) {
        Reply<T> reply = new Reply<>(call);
        calls.add(call);
        replies.add(reply);
        return reply;
    }

    /**
     * Lets every master that it goes to wait until so many of its replicas have all of it ({@code WAIT}), for half of the
     * time that is left before the deadline at most. It has happened in any case.
     */
    public void confirmBy(int wanted) {
        replicas = wanted;
    }

    /** How many replicas have all of it, the fewest of any master that it went to; 0 if it went nowhere or nobody asked. */
    public synchronized int confirmations() {
        return confirmations == null ? 0 : confirmations;
    }

    synchronized void confirmed(int count) {
        confirmations = confirmations == null ? count : Math.min(confirmations, count);
    }

    int replicas() {
        return replicas;
    }

    public boolean isEmpty() {
        return calls.isEmpty();
    }

    List<Call<?>> calls() {
        return calls;
    }

    Reply<?> reply(int index) {
        return replies.get(index);
    }
}
