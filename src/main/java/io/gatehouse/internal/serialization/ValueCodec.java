package io.gatehouse.internal.serialization;

import io.gatehouse.internal.serialization.ByteReader.MalformedException;
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
 * Encodes attribute values as bytes and decodes them. The first byte names the format: compact, JSON of a registered type, or
 * Java serialization. Thread-safe and free of locks. Encoding and decoding run code of the values, so callers must hold no
 * monitor; several threads may encode the same value at once.
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
     * Creates a codec.
     *
     * @param json null if the server has no JSON library; registered types are then serialized
     */
    public ValueCodec(@Nullable JsonMapper json, Set<String> jsonTypes, ClassPolicy policy, ValueLimits limits) {
        this.json = json;
        this.jsonTypes = Set.copyOf(jsonTypes);
        this.limits = limits;
        this.serial = new JavaSerializationCodec(policy, limits);
    }

    /** The result of decoding. */
    public sealed interface Decoded {}

    public record Value(Object value) implements Decoded {}

    /**
     * The result for bytes that cannot be decoded.
     *
     * @param why the reason, without any part of the value
     */
    public record Unreadable(String why) implements Decoded {}

    /**
     * Encodes a value. Everything that this method accepts, {@link #decode} can read with the same limits and classes.
     *
     * <p>Runs code of the value on the caller's thread or, if the value is nested deeper than a few dozen levels, on another
     * thread while the caller waits. So the caller must hold no lock that such code could need.
     *
     * @throws NotStorableException if the value cannot be encoded; the message names the part and the limit. This includes
     *     {@link StackOverflowError} and any other error of the value's own code except {@link OutOfMemoryError}
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
     * Decodes a value. Never throws, whatever the bytes are and whatever the value's own code throws.
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
                default -> throw new MalformedException("unknown format");
            };
            return value == null ? new Unreadable("it contains null") : new Value(value);
        } catch (Exception | Error e) { // readObject, readResolve and readExternal run application code
            return new Unreadable(e.getClass().getSimpleName());
        }
    }

    /**
     * Returns whether neither a value nor any part of it can change in place. Returns false for classes about which this is
     * unknown, such as records and unmodifiable collections, which may contain mutable objects. Costs one set lookup.
     */
    public static boolean isImmutable(Object value) {
        return IMMUTABLE.contains(value.getClass()) || value instanceof Enum<?> || value instanceof ZoneId;
    }

    /** Returns whether the encoded value can be decoded whatever classes the application has now. */
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
            throw new MalformedException("the type is not registered");
        }
        return json.fromJson(in.rest(), Class.forName(type, false, loader));
    }
}
