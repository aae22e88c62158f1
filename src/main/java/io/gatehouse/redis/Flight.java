package io.gatehouse.redis;

import java.util.ArrayList;
import java.util.List;

/**
 * Several calls that travel together: one round trip for each server they need, side by side where there are several.
 * Belongs to one thread and is sent once.
 */
public final class Flight {
    private final List<Call<?>> calls = new ArrayList<>();
    private final List<Reply<?>> replies = new ArrayList<>();

    /** Adds a call; its reply has a value after {@link Redis#send}. */
    public <T> Reply<T> add(Call<T> call) {
        Reply<T> reply = new Reply<>(call.decoder());
        calls.add(call);
        replies.add(reply);
        return reply;
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
