package io.gatehouse.internal.redis;

import io.gatehouse.RedisPurpose;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * One call of a script, made by {@link Script#on}, or of {@code MGET}. All of its keys must be in one slot of a cluster.
 *
 * @param decoder turns the reply into a value; may run several times
 */
public record RedisCall<T>(
        RedisPurpose purpose,
        Operation operation,
        List<byte[]> keys,
        List<byte[]> arguments,
        Function<ReplyReader, T> decoder) {

    public RedisCall {
        if (keys.isEmpty()) {
            throw new IllegalArgumentException(
                    operation.name() + " has no key; expected at least one, because a cluster routes calls by key");
        }
    }

    /**
     * Returns a call that reads the values of several keys of one slot ({@code MGET}).
     *
     * @param decoder turns the reply into a value; the reply is a list with the bytes of each key, or nil for a missing key
     */
    public static <T> RedisCall<T> mget(
            RedisPurpose redisPurpose, List<byte[]> keys, Function<ReplyReader, T> decoder) {
        return new RedisCall<>(redisPurpose, Operation.NativeCommand.MGET, keys, List.of(), decoder);
    }

    public boolean repeatable() {
        return operation.repeatable();
    }

    /** Builds the call of a script: its keys, then its arguments if it has any, then the decoder of its reply. */
    public static final class Builder {
        private final RedisPurpose redisPurpose;
        private final Script script;
        private List<byte[]> keys = List.of();
        private List<byte[]> arguments = List.of();

        Builder(RedisPurpose redisPurpose, Script script) {
            this.redisPurpose = redisPurpose;
            this.script = script;
        }

        /** Sets the keys, in the order of the script's {@code KEYS}. */
        public Builder keys(byte[]... names) {
            return keys(Arrays.asList(names));
        }

        /** Sets the keys, in the order of the script's {@code KEYS}. */
        public Builder keys(String... names) {
            return keys(Arrays.stream(names).map(ScriptArgs::encode).toList());
        }

        /** Sets the keys, in the order of the script's {@code KEYS}. */
        public Builder keys(List<byte[]> names) {
            keys = names;
            return this;
        }

        /** Sets the arguments, in the order of the script's {@code ARGV}. */
        public Builder args(Consumer<ScriptArgs> filling) {
            ScriptArgs args = new ScriptArgs();
            filling.accept(args);
            arguments = args.encoded();
            return this;
        }

        /**
         * Returns the call.
         *
         * @param decoder turns the reply into a value; may run several times
         */
        public <T> RedisCall<T> reply(Function<ReplyReader, T> decoder) {
            return new RedisCall<>(redisPurpose, script, keys, arguments, decoder);
        }
    }
}
