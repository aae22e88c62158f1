package io.gatehouse.internal.serialization;

import io.gatehouse.internal.serialization.ByteReader.Malformed;
import io.gatehouse.internal.serialization.NotStorableException.Reason;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.MonthDay;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.Period;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.Currency;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Turns the values of attributes into bytes and back. The first byte says how: plain, JSON of a registered type, or Java
 * serialization. Thread-safe and free of locks; encoding and decoding run code of the values, so they belong outside of
 * every monitor, and several threads may run them at once, for the same value, too.
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
            Class.class,
            Currency.class,
            Duration.class,
            Instant.class,
            LocalDate.class,
            LocalDateTime.class,
            LocalTime.class,
            Locale.class,
            MonthDay.class,
            OffsetDateTime.class,
            OffsetTime.class,
            Period.class,
            URI.class,
            UUID.class,
            Year.class,
            YearMonth.class,
            ZonedDateTime.class);

    private final @Nullable JsonMapper json;
    private final Set<String> jsonTypes;
    private final ValueLimits limits;
    private final JavaSerializationCodec serial;

    /**
     * A codec.
     *
     * @param json null where nothing is there that writes JSON; registered types are serialized then
     */
    public ValueCodec(@Nullable JsonMapper json, Set<String> jsonTypes, ClassPolicy policy, ValueLimits limits) {
        this.json = json;
        this.jsonTypes = Set.copyOf(jsonTypes);
        this.limits = limits;
        this.serial = new JavaSerializationCodec(policy, limits);
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

    /**
     * Writes a value. What this accepts, {@link #decode} reads, given the same limits and classes.
     *
     * <p>Runs code of the value on the caller's thread, or, if the value is nested more than a few dozen levels deep, on
     * another one while the caller waits. So the caller must hold no lock of its own that such code could want.
     *
     * @throws NotStorableException if it cannot be written; says which part is the cause, and which limit. A {@link StackOverflowError}
     *     and any other error of the value's own code counts as that, too, except {@link OutOfMemoryError}
     * @throws RuntimeException if the value's own code throws one, such as {@link java.util.ConcurrentModificationException};
     *     another attempt may succeed
     */
    public byte[] encode(Object value) throws NotStorableException {
        String type = value.getClass().getName();
        if (json != null && jsonTypes.contains(type)) {
            return within(value, new ByteWriter().octet(JSON).text(type).raw(toJson(json, value)));
        }
        ByteWriter plain = new ByteWriter(limits.bytes()).octet(PLAIN);
        if (CompactCodec.write(value, plain)) {
            return plain.toBytes();
        }
        ByteWriter out = new ByteWriter().octet(SERIAL);
        serial.write(value, out);
        return within(value, out);
    }

    private byte[] within(Object value, ByteWriter written) throws NotStorableException {
        if (written.size() > limits.bytes()) {
            throw new NotStorableException(
                    Reason.LIMIT_SIZE,
                    value.getClass().getName() + " is beyond the limit of " + limits.bytes() + " bytes");
        }
        return written.toBytes();
    }

    /**
     * Reads a value. Never throws, whatever is wrong with the bytes or whatever the code of the value throws.
     *
     * @param loader finds the classes
     */
    @SuppressWarnings("IllegalCatch")
    public Decoded decode(byte[] bytes, ClassLoader loader) {
        if (bytes.length > limits.bytes()) {
            return new Unreadable("it has more than " + limits.bytes() + " bytes");
        }
        try {
            ByteReader in = new ByteReader(bytes);
            Object value = switch (in.octet()) {
                case PLAIN -> CompactCodec.read(in);
                case JSON -> fromJson(in, loader);
                case SERIAL -> serial.read(in, loader);
                default -> throw new Malformed("an unknown codec");
            };
            return value == null ? new Unreadable("it holds nothing") : new Value(value);
        } catch (Exception | Error e) { // readObject, readResolve and readExternal are code of the application
            return new Unreadable(e.getClass().getSimpleName());
        }
    }

    /**
     * Whether a value cannot change in place, nor can anything in it. False for what is not known to be so, such as records and
     * unmodifiable collections, which may hold what can be changed. Costs a look into a set.
     */
    public static boolean isImmutable(Object value) {
        return IMMUTABLE.contains(value.getClass()) || value instanceof Enum<?> || value instanceof ZoneId;
    }

    /** Whether a value that was encoded as these bytes can be read whatever classes the application has now. */
    public static boolean isAlwaysReadable(byte[] bytes) {
        return bytes.length > 0 && bytes[0] == PLAIN;
    }

    private static byte[] toJson(JsonMapper json, Object value) throws NotStorableException {
        try {
            return json.toJson(value);
        } catch (RuntimeException | LinkageError | StackOverflowError e) {
            throw new NotStorableException(Reason.FAILED, value.getClass().getName() + " cannot be written as JSON", e);
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
