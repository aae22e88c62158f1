package io.gatehouse.redis;

import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One run of a script with its keys, which all lie in one slot of a cluster, and its arguments; made by {@link Script#call}. */
public record Call<T>(
        Purpose purpose,
        Script script,
        List<byte[]> keys,
        List<byte[]> arguments,
        Function<@Nullable Object, T> decoder) {

    public Call {
        if (keys.isEmpty()) {
            throw new IllegalArgumentException(script.name() + " without a key has no place in a cluster");
        }
    }
}
