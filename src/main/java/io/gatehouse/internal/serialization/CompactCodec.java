package io.gatehouse.internal.serialization;

import io.gatehouse.internal.serialization.ByteReader.MalformedException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Encodes strings, numbers and similar values, and common collections of them, in few bytes and without class names. Decoding
 * returns a value of exactly the class that was written.
 *
 * <p>Everything else is left to Java serialization: other classes, a collection that contains itself or occurs twice, and
 * values that would take too many bytes, because Java serialization writes a repeated object requireFirstVisit.
 */
final class CompactCodec {
    private static final int DEEPEST = 32;

    private static final int NULL = 0;
    private static final int TRUE = 1;
    private static final int FALSE = 2;
    private static final int BYTE = 3;
    private static final int SHORT = 4;
    private static final int CHARACTER = 5;
    private static final int INTEGER = 6;
    private static final int LONG = 7;
    private static final int FLOAT = 8;
    private static final int DOUBLE = 9;
    private static final int STRING = 10;
    private static final int BYTES = 11;
    private static final int BIG_INTEGER = 12;
    private static final int BIG_DECIMAL = 13;
    private static final int INSTANT = 14;
    private static final int UUID_VALUE = 15;
    private static final int ARRAY_LIST = 20;
    private static final int HASH_SET = 21;
    private static final int LINKED_HASH_SET = 22;
    private static final int HASH_MAP = 23;
    private static final int LINKED_HASH_MAP = 24;

    private CompactCodec() {}

    /** Thrown internally for a value that this codec does not encode. */
    private static final class NotCompactException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        NotCompactException() {
            super("", null, false, false);
        }
    }

    /** Writes a value and returns true, or returns false if this codec does not encode it; the writer's content is then useless. */
    static boolean write(Object value, ByteWriter out) {
        try {
            write(value, out, Collections.newSetFromMap(new IdentityHashMap<>()), 0);
            return true;
        } catch (NotCompactException e) {
            return false;
        }
    }

    private static void write(@Nullable Object value, ByteWriter out, Set<Object> seen, int depth) {
        writeAny(value, out, seen, depth);
        if (out.isFull()) {
            throw new NotCompactException();
        }
    }

    private static void writeAny(@Nullable Object value, ByteWriter out, Set<Object> seen, int depth) {
        if (value == null) {
            out.octet(NULL);
        } else if (value instanceof Boolean b) {
            out.octet(b ? TRUE : FALSE);
        } else if (value instanceof String s) {
            writeText(s, out);
        } else if (value instanceof Number number) {
            writeNumber(number, out);
        } else if (value instanceof Character c) {
            out.octet(CHARACTER).number(c);
        } else if (value instanceof Instant i) {
            out.octet(INSTANT).signed(i.getEpochSecond()).number(i.getNano());
        } else if (value instanceof UUID u) {
            out.octet(UUID_VALUE).number(u.getMostSignificantBits()).number(u.getLeastSignificantBits());
        } else if (value instanceof byte[] bytes) {
            requireFirstVisit(bytes, seen, depth);
            out.octet(BYTES).block(bytes);
        } else {
            writeContainer(value, out, seen, depth);
        }
    }

    private static void writeNumber(Number value, ByteWriter out) {
        if (value instanceof Integer i) {
            out.octet(INTEGER).signed(i);
        } else if (value instanceof Long l) {
            out.octet(LONG).signed(l);
        } else if (value instanceof Byte b) {
            out.octet(BYTE).signed(b);
        } else if (value instanceof Short s) {
            out.octet(SHORT).signed(s);
        } else if (value instanceof Float f) {
            out.octet(FLOAT).number(Float.floatToRawIntBits(f) & 0xffffffffL);
        } else if (value instanceof Double d) {
            out.octet(DOUBLE).number(Double.doubleToRawLongBits(d));
        } else if (value.getClass() == BigInteger.class) {
            out.octet(BIG_INTEGER).block(((BigInteger) value).toByteArray());
        } else if (value.getClass() == BigDecimal.class) {
            BigDecimal decimal = (BigDecimal) value;
            out.octet(BIG_DECIMAL)
                    .signed(decimal.scale())
                    .block(decimal.unscaledValue().toByteArray());
        } else {
            throw new NotCompactException();
        }
    }

    private static void writeText(String text, ByteWriter out) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                requirePairs(text);
                break;
            }
        }
        out.octet(STRING).text(text);
    }

    /** Rejects unpaired surrogates, which UTF-8 cannot represent. */
    private static void requirePairs(String text) {
        if (!text.codePoints().allMatch(point -> point < 0xD800 || point > 0xDFFF)) {
            throw new NotCompactException();
        }
    }

    private static void writeContainer(Object value, ByteWriter out, Set<Object> seen, int depth) {
        Class<?> type = value.getClass();
        if (type == ArrayList.class) {
            writeAll(ARRAY_LIST, (Collection<?>) value, out, seen, depth);
        } else if (type == LinkedHashSet.class) {
            writeAll(LINKED_HASH_SET, (Collection<?>) value, out, seen, depth);
        } else if (type == HashSet.class) {
            requireFirstVisit(value, seen, depth);
            Sorted items = new Sorted(out.most());
            ((HashSet<?>) value).forEach(item -> items.add(entry -> write(item, entry, seen, depth + 1)));
            items.writeTo(HASH_SET, out);
        } else if (type == LinkedHashMap.class) {
            requireFirstVisit(value, seen, depth);
            ByteWriter entries = new ByteWriter(out.most());
            int[] count = {0}; // counts what is written, because the size may change meanwhile
            ((Map<?, ?>) value).forEach((key, item) -> {
                write(key, entries, seen, depth + 1);
                write(item, entries, seen, depth + 1);
                count[0]++;
            });
            out.octet(LINKED_HASH_MAP).number(count[0]).raw(entries.toBytes());
        } else if (type == HashMap.class) {
            requireFirstVisit(value, seen, depth);
            Sorted entries = new Sorted(out.most());
            ((HashMap<?, ?>) value)
                    .forEach((key, item) -> entries.add(entry -> {
                        write(key, entry, seen, depth + 1);
                        write(item, entry, seen, depth + 1);
                    }));
            entries.writeTo(HASH_MAP, out);
        } else {
            throw new NotCompactException();
        }
    }

    /** Items sorted by their bytes, because hash order may differ after decoding: equal content gives equal bytes. */
    private static final class Sorted {
        private final List<byte[]> items = new ArrayList<>();
        private final int most;
        private long size;

        Sorted(int most) {
            this.most = most;
        }

        void add(Consumer<ByteWriter> writing) {
            ByteWriter item = new ByteWriter(most);
            writing.accept(item);
            items.add(item.toBytes());
            size += item.size();
            if (size > most) {
                throw new NotCompactException();
            }
        }

        void writeTo(int kind, ByteWriter out) {
            out.octet(kind).number(items.size());
            items.stream()
                    .sorted(Comparator.comparing((byte[] item) -> item, Arrays::compareUnsigned))
                    .forEach(out::raw);
        }
    }

    private static void writeAll(int kind, Collection<?> items, ByteWriter out, Set<Object> seen, int depth) {
        requireFirstVisit(items, seen, depth);
        Object[] all = items.toArray(); // a copy, because another thread may change the collection
        out.octet(kind).number(all.length);
        for (Object item : all) {
            write(item, out, seen, depth + 1);
        }
    }

    private static void requireFirstVisit(Object container, Set<Object> seen, int depth) {
        if (depth > DEEPEST || !seen.add(container)) {
            throw new NotCompactException();
        }
    }

    static @Nullable Object read(ByteReader in) {
        return read(in, 0);
    }

    private static @Nullable Object read(ByteReader in, int depth) {
        if (depth > DEEPEST + 1) {
            throw new MalformedException("the value is nested too deeply");
        }
        int kind = in.octet();
        return switch (kind) {
            case NULL -> null;
            case TRUE -> true;
            case FALSE -> false;
            case BYTE -> (byte) in.signed();
            case SHORT -> (short) in.signed();
            case CHARACTER -> (char) in.number();
            case INTEGER -> (int) in.signed();
            case LONG -> in.signed();
            case FLOAT -> Float.intBitsToFloat((int) in.number());
            case DOUBLE -> Double.longBitsToDouble(in.number());
            case STRING -> in.text();
            case BYTES -> in.block();
            case BIG_INTEGER -> new BigInteger(in.block());
            case BIG_DECIMAL -> readDecimal(in);
            case INSTANT -> Instant.ofEpochSecond(in.signed(), in.number());
            case UUID_VALUE -> new UUID(in.number(), in.number());
            case ARRAY_LIST -> readAll(in, depth, new ArrayList<>());
            case HASH_SET -> readAll(in, depth, new HashSet<>());
            case LINKED_HASH_SET -> readAll(in, depth, new LinkedHashSet<>());
            case HASH_MAP -> readMap(in, depth, new HashMap<>());
            case LINKED_HASH_MAP -> readMap(in, depth, new LinkedHashMap<>());
            default -> throw new MalformedException("unknown kind of value");
        };
    }

    private static BigDecimal readDecimal(ByteReader in) {
        int scale = (int) in.signed();
        return new BigDecimal(new BigInteger(in.block()), scale);
    }

    private static Object readAll(ByteReader in, int depth, Collection<@Nullable Object> into) {
        for (int left = in.count(); left > 0; left--) {
            into.add(read(in, depth + 1));
        }
        return into;
    }

    private static Object readMap(ByteReader in, int depth, Map<@Nullable Object, @Nullable Object> into) {
        for (int left = in.count(); left > 0; left--) {
            into.put(read(in, depth + 1), read(in, depth + 1));
        }
        return into;
    }
}
