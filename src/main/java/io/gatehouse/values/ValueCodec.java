package io.gatehouse.values;

import io.gatehouse.values.ByteReader.Malformed;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Turns the values of attributes into bytes and back. The first byte says how: plain, JSON of a registered type, or Java
 * serialization. Safe for use by several threads.
 */
public final class ValueCodec {
    private static final int PLAIN = 1;
    private static final int JSON = 2;
    private static final int SERIAL = 3;

    private static final Set<Class<?>> IMMUTABLE = Set.of(
            String.class,
            Boolean.class,
            Character.class,
            Byte.class,
            Short.class,
            Integer.class,
            Long.class,
            Float.class,
            Double.class,
            BigInteger.class,
            BigDecimal.class,
            UUID.class);

    private final @Nullable JsonMapper json;
    private final Set<String> jsonTypes;
    private final SerialCodec serial;

    /** @param json null where nothing is there that writes JSON; registered types are serialized then */
    public ValueCodec(@Nullable JsonMapper json, Set<String> jsonTypes, ClassPolicy policy) {
        this.json = json;
        this.jsonTypes = Set.copyOf(jsonTypes);
        this.serial = new SerialCodec(policy);
    }

    /** What decoding gave. */
    public sealed interface Decoded {}

    public record Value(Object value) implements Decoded {}

    /**
     * What could not be read.
     *
     * @param why without any of the value
     */
    public record Unreadable(String why) implements Decoded {}

    public byte[] encode(Object value) throws NotStorable {
        String type = value.getClass().getName();
        if (json != null && jsonTypes.contains(type)) {
            return new ByteWriter()
                    .octet(JSON)
                    .text(type)
                    .raw(toJson(json, value))
                    .toBytes();
        }
        ByteWriter plain = new ByteWriter().octet(PLAIN);
        if (PlainCodec.write(value, plain)) {
            return plain.toBytes();
        }
        ByteWriter out = new ByteWriter().octet(SERIAL);
        serial.write(value, out);
        return out.toBytes();
    }

    /** Never throws for bytes that cannot be read, whatever is wrong with them. */
    public Decoded decode(byte[] bytes, ClassLoader loader) {
        try {
            ByteReader in = new ByteReader(bytes);
            Object value = switch (in.octet()) {
                case PLAIN -> PlainCodec.read(in);
                case JSON -> fromJson(in, loader);
                case SERIAL -> serial.read(in, loader);
                default -> throw new Malformed("an unknown codec");
            };
            return value == null ? new Unreadable("it holds nothing") : new Value(value);
        } catch (IOException | ClassNotFoundException | RuntimeException | LinkageError | StackOverflowError e) {
            return new Unreadable(e.getClass().getSimpleName());
        }
    }

    /** Whether a value of this class can be counted on not to change after it was read. */
    public static boolean isImmutable(Object value) {
        return IMMUTABLE.contains(value.getClass())
                || value instanceof Enum<?>
                || value.getClass().getPackageName().equals("java.time");
    }

    /** Whether a value that was encoded as these bytes can be read whatever classes the application has now. */
    public static boolean isAlwaysReadable(byte[] bytes) {
        return bytes.length > 0 && bytes[0] == PLAIN;
    }

    private static byte[] toJson(JsonMapper json, Object value) throws NotStorable {
        try {
            return json.toJson(value);
        } catch (RuntimeException e) {
            throw new NotStorable(value.getClass().getName() + " cannot be written as JSON", e);
        }
    }

    private Object fromJson(ByteReader in, ClassLoader loader) throws ClassNotFoundException {
        String type = in.text();
        if (json == null || !jsonTypes.contains(type)) {
            throw new Malformed("a type that is not registered");
        }
        return json.fromJson(in.rest(), Class.forName(type, false, loader));
    }
}
