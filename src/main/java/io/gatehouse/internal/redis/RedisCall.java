package io.gatehouse.internal.redis;

import io.gatehouse.RedisPurpose;
import io.gatehouse.internal.redis.Operation.NativeCommand;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * One call of a script, made by {@link Script#on}, or of a {@linkplain Operation.NativeCommand native command}. All of its keys must be
 * in one slot of a cluster.
 *
 * @param mostBytes the size up to which a list is received, with 32 bytes for each item; a longer one is skipped, and its size is the
 *     reply. 0 for no limit
 * @param decoder turns the reply into a value; may run several times
 */
public record RedisCall<T>(
        RedisPurpose purpose,
        Operation operation,
        List<byte[]> keys,
        List<byte[]> arguments,
        long mostBytes,
        Function<ReplyReader, T> decoder) {

    private static final byte[] NO_FIELD = {'-'};

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
        return new RedisCall<>(redisPurpose, NativeCommand.MGET, keys, List.of(), 0, decoder);
    }

    /**
     * Returns a call that reads all fields of a hash ({@code HGETALL}).
     *
     * @param mostBytes the maximum size of the names and values, with 64 bytes for each field
     * @param decoder turns the reply into a value; the reply is a list of alternating names and values, or the size of a hash that is
     *     too large
     */
    public static <T> RedisCall<T> hgetall(
            RedisPurpose redisPurpose, byte[] key, long mostBytes, Function<ReplyReader, T> decoder) {
        return new RedisCall<>(redisPurpose, NativeCommand.HGETALL, List.of(key), List.of(), mostBytes, decoder);
    }

    /**
     * Returns a call that fails unless the server of a hash accepts writes ({@code HDEL} of a field that never exists). A replica answers
     * reads, too, although a change that its master has confirmed may not have reached it. Changes nothing.
     */
    public static RedisCall<Long> requireWritable(RedisPurpose redisPurpose, byte[] key) {
        return new RedisCall<>(
                redisPurpose, NativeCommand.HDEL, List.of(key), List.of(NO_FIELD), 0, ReplyReader::number);
    }

    /**
     * Returns a call that reads the clock of a server ({@code TIME}), in milliseconds since 1970.
     *
     * @param near a key of that server; not sent
     */
    public static RedisCall<Long> time(RedisPurpose redisPurpose, byte[] near) {
        return new RedisCall<>(redisPurpose, NativeCommand.TIME, List.of(near), List.of(), 0, reply -> {
            ReplyReader time = reply.list();
            return time.storedNumber(0) * 1000 + time.storedNumber(0) / 1000;
        });
    }

    /**
     * Returns a call that reads the scores of members of a sorted set ({@code ZMSCORE}).
     *
     * @param decoder turns the reply into a value; the reply is a list with the score of each member, or nil for a missing member
     */
    public static <T> RedisCall<T> zmscore(
            RedisPurpose redisPurpose, byte[] key, List<byte[]> members, Function<ReplyReader, T> decoder) {
        return new RedisCall<>(redisPurpose, NativeCommand.ZMSCORE, List.of(key), members, 0, decoder);
    }

    /** Returns a call that publishes a message ({@code PUBLISH}); its reply is the number of receivers on the server that it reached. */
    public static RedisCall<Long> publish(RedisPurpose redisPurpose, byte[] channel, byte[] message) {
        return new RedisCall<>(
                redisPurpose, NativeCommand.PUBLISH, List.of(channel), List.of(message), 0, ReplyReader::number);
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
            return new RedisCall<>(redisPurpose, script, keys, arguments, 0, decoder);
        }
    }
}
