package io.gatehouse.internal.redis;

import io.gatehouse.RedisUnavailableException;
import io.gatehouse.RedisUnavailableException.Reason;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the values of a reply in order and checks the type of each. A reader starts before the one value of the reply; {@link
 * #list} returns a reader of the items of a list. Not thread-safe.
 *
 * <p>Every read throws a {@link RedisUnavailableException} with reason {@link Reason#UNEXPECTED} if the next value is missing
 * or of another type: such a reply was damaged in transit or comes from another version of the script. The message names
 * types and positions and never contains a value.
 */
public final class ReplyReader {
    /** So many digits fit into a {@code long}. */
    private static final int SAFE_DIGITS = 18;

    private final String source;
    private final @Nullable Object single;
    private final @Nullable List<?> items;
    private final int size;
    private int next;

    /** @param source the operation that was called, for messages */
    ReplyReader(String source, @Nullable Object reply) {
        this.source = source;
        this.single = reply;
        this.items = null;
        this.size = 1;
    }

    private ReplyReader(String source, List<?> items) {
        this.source = source;
        this.single = null;
        this.items = items;
        this.size = items.size();
    }

    /** Returns how many values are left. */
    public int remaining() {
        return size - next;
    }

    /** Returns whether a value is left. */
    public boolean hasNext() {
        return next < size;
    }

    /** Returns whether the next value is nil, which a script returns as {@code false}. */
    public boolean isNil() {
        return hasNext() && peek() == null;
    }

    /** Returns whether the next value is a list. */
    public boolean isList() {
        return hasNext() && peek() instanceof List<?>;
    }

    /** Returns whether the next value is text or bytes. */
    public boolean isText() {
        return hasNext() && peek() instanceof byte[];
    }

    /** Reads an integer. */
    public long number() {
        Object value = take("an integer");
        if (value instanceof Long number) {
            return number;
        }
        throw unexpected(value, "an integer");
    }

    /** Reads an integer that is not negative and fits into an {@code int}. */
    public int count() {
        Object value = take("a count");
        if (value instanceof Long number && number >= 0 && number <= Integer.MAX_VALUE) {
            return number.intValue();
        }
        throw unexpected(value, "a count");
    }

    /** Reads an integer that is 1 for true and 0 for false. */
    public boolean flag() {
        Object value = take("0 or 1");
        if (value instanceof Long number && (number == 0 || number == 1)) {
            return number == 1;
        }
        throw unexpected(value, "0 or 1");
    }

    /** Reads bytes as they were stored. */
    public byte[] bytes() {
        Object value = take("bytes");
        if (value instanceof byte[] bytes) {
            return bytes;
        }
        throw unexpected(value, "bytes");
    }

    /** Reads text. */
    public String text() {
        return new String(bytes(), StandardCharsets.UTF_8);
    }

    /** Reads text that is one of the given words, such as the name of an outcome. */
    public String oneOf(String... words) {
        String text = text();
        for (String word : words) {
            if (word.equals(text)) {
                return text;
            }
        }
        throw unexpected("value " + next + " is another text", "one of " + String.join(", ", words));
    }

    /**
     * Reads a number that Redis stores as text.
     *
     * @param ifNil the result for nil
     */
    public long storedNumber(long ifNil) {
        if (isNil()) {
            next++;
            return ifNil;
        }
        byte[] digits = bytes();
        if (digits.length == 0 || digits.length > SAFE_DIGITS) {
            return parsed(digits);
        }
        long number = 0;
        for (byte digit : digits) {
            if (digit < '0' || digit > '9') {
                return parsed(digits);
            }
            number = 10 * number + (digit - '0');
        }
        return number;
    }

    private long parsed(byte[] text) {
        try {
            return Long.parseLong(new String(text, StandardCharsets.UTF_8));
        } catch (NumberFormatException e) {
            throw unexpected("value " + next + " is text that is not a number", "a number");
        }
    }

    /** Reads a list and returns a reader of its items. */
    public ReplyReader list() {
        Object value = take("a list");
        if (value instanceof List<?> list) {
            return new ReplyReader(source, list);
        }
        throw unexpected(value, "a list");
    }

    /** Reads a list of texts. */
    public List<String> texts() {
        return list().remainingTexts();
    }

    /** Reads the remaining values as texts. */
    public List<String> remainingTexts() {
        List<String> texts = new ArrayList<>(remaining());
        while (hasNext()) {
            texts.add(text());
        }
        return texts;
    }

    /** Reads the remaining values as bytes, or null for nil. The list is a view of the reply. */
    @SuppressWarnings("unchecked") // each item is checked
    public List<byte @Nullable []> remainingBytes() {
        if (items == null) {
            throw unexpected("the reply is not a list", "a list");
        }
        List<?> rest = next == 0 ? items : items.subList(next, size);
        while (hasNext()) {
            Object value = take("bytes or nil");
            if (value != null && !(value instanceof byte[])) {
                throw unexpected(value, "bytes or nil");
            }
        }
        return (List<byte @Nullable []>) rest;
    }

    /** Reads a list of alternating names and values. */
    public Map<String, byte[]> fields() {
        return list().fieldsBeforeLast(0);
    }

    /** Reads alternating names and values until only the given number of values is left. */
    public Map<String, byte[]> fieldsBeforeLast(int left) {
        Map<String, byte[]> fields = new HashMap<>();
        while (remaining() > left) {
            fields.put(text(), bytes());
        }
        if (remaining() < left) {
            throw unexpected("a field has no value", "pairs of name and value");
        }
        return fields;
    }

    /** Reads a list of alternating names and texts, in the order of the reply. */
    public Map<String, String> textFields() {
        ReplyReader list = list();
        Map<String, String> fields = new LinkedHashMap<>();
        while (list.hasNext()) {
            fields.put(list.text(), list.text());
        }
        return fields;
    }

    private @Nullable Object peek() {
        return items == null ? single : items.get(next);
    }

    private @Nullable Object take(String expected) {
        if (!hasNext()) {
            throw unexpected("it has only " + size + (size == 1 ? " value" : " values"), expected);
        }
        Object value = peek();
        next++;
        return value;
    }

    private RedisUnavailableException unexpected(@Nullable Object value, String expected) {
        return unexpected("value " + next + " is " + type(value), expected);
    }

    private RedisUnavailableException unexpected(String found, String expected) {
        return new RedisUnavailableException(
                Reason.UNEXPECTED, "unexpected reply to " + source + ": " + found + "; expected " + expected, null);
    }

    private static String type(@Nullable Object value) {
        if (value == null) {
            return "nil";
        }
        if (value instanceof Long) {
            return "an integer";
        }
        if (value instanceof byte[]) {
            return "text";
        }
        return value instanceof List<?> ? "a list" : "an error";
    }
}
