package io.gatehouse.redis;

import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One run of a script, made by {@link Script#call}, or of {@code MGET}, with its keys, which all lie in one slot of a
 * cluster, and its arguments.
 */
public record Call<T>(
        Purpose purpose,
        Operation operation,
        List<byte[]> keys,
        List<byte[]> arguments,
        Function<@Nullable Object, T> decoder) {

    public Call {
        if (keys.isEmpty()) {
            throw new IllegalArgumentException(operation.name() + " without a key has no place in a cluster");
        }
    }

    /**
     * Reads the values of several keys of one slot ({@code MGET}).
     *
     * @param decoder turns the reply into a value: a list with a byte[] for each key, or null for one that is not there
     */
    public static <T> Call<T> mget(Purpose purpose, List<byte[]> keys, Function<@Nullable Object, T> decoder) {
        return new Call<>(purpose, Operation.Native.MGET, keys, List.of(), decoder);
    }

    boolean repeatable() {
        return operation.repeatable();
    }
}
