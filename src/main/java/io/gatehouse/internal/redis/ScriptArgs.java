package io.gatehouse.internal.redis;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * Builds the arguments of a script in the order in which the script's head comment lists {@code ARGV}. Texts are encoded as
 * UTF-8, numbers as decimal text. Not thread-safe.
 *
 * <pre>{@code
 * SAVE.on(RedisPurpose.SESSIONS)
 *         .keys(record, index)
 *         .args(args -> args.bytes(revision).millis(idleTimeout).number(end).countedTexts(dropped).fields(written))
 *         .reply(ReplyReader::number);
 * }</pre>
 */
public final class ScriptArgs {
    private static final byte[] EMPTY = {};

    /** Scripts have up to about a dozen arguments, apart from lists. */
    private static final int CAPACITY = 16;

    private final ArrayList<byte[]> encoded = new ArrayList<>(CAPACITY);

    ScriptArgs() {}

    /** Encodes text, such as a key, in the form that is sent to Redis. */
    public static byte[] encode(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Encodes a number in the form that is sent to Redis, for an argument that is the same in every call. */
    public static byte[] encode(long number) {
        if (number < 0) {
            return Long.toString(number).getBytes(StandardCharsets.US_ASCII);
        }
        int length = 1;
        for (long rest = number; rest >= 10; rest /= 10) {
            length++;
        }
        byte[] digits = new byte[length]; // avoids a String, because most arguments are numbers
        long rest = number;
        for (int i = length - 1; i >= 0; i--) {
            digits[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        return digits;
    }

    /** Appends an encoded argument, without copying it. */
    public ScriptArgs bytes(byte[] argument) {
        encoded.add(argument);
        return this;
    }

    /** Appends an empty argument, which scripts take for an absent value. */
    public ScriptArgs empty() {
        return bytes(EMPTY);
    }

    /** Appends a text. */
    public ScriptArgs text(String argument) {
        return bytes(encode(argument));
    }

    /** Appends a number. */
    public ScriptArgs number(long argument) {
        return bytes(encode(argument));
    }

    /** Appends a duration in milliseconds. */
    public ScriptArgs millis(Duration argument) {
        return number(argument.toMillis());
    }

    /** Appends one argument for each text. They must come last, because no count precedes them. */
    public ScriptArgs texts(Collection<String> arguments) {
        for (String argument : arguments) {
            text(argument);
        }
        return this;
    }

    /** Appends the number of texts, then one argument for each. */
    public ScriptArgs countedTexts(Collection<String> arguments) {
        return number(arguments.size()).texts(arguments);
    }

    /** Appends the name and the value of each field. They must come last, because no count precedes them. */
    public ScriptArgs fields(Map<String, byte[]> fields) {
        encoded.ensureCapacity(encoded.size() + 2 * fields.size());
        fields.forEach((name, value) -> text(name).bytes(value));
        return this;
    }

    /** Appends the name and the text of each field. They must come last, because no count precedes them. */
    public ScriptArgs textFields(Map<String, String> fields) {
        fields.forEach((name, value) -> text(name).text(value));
        return this;
    }

    List<byte[]> encoded() {
        return encoded;
    }
}
