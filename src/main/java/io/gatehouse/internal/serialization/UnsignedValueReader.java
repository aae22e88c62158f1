package io.gatehouse.internal.serialization;

import io.gatehouse.internal.serialization.JavaSerializationCodec.RefusedClassException;
import io.gatehouse.internal.serialization.ValueCodec.Decoded;
import io.gatehouse.internal.serialization.ValueCodec.Unreadable;
import io.gatehouse.internal.serialization.ValueCodec.Value;
import java.util.List;

/**
 * Reads values that another program has written with Java serialization. Nothing proves who wrote them, so only listed classes and those
 * of {@code java.lang}, {@code java.util}, {@code java.time} and {@code java.math} are admitted, and never a known gadget. Thread-safe.
 */
public final class UnsignedValueReader {
    private final ValueLimits limits;
    private final JavaSerializationCodec serial;

    /** @param allowedClasses names and packages, as {@link ClassPolicy#only} reads them */
    public UnsignedValueReader(List<String> allowedClasses, ValueLimits limits) {
        this.limits = limits;
        this.serial = new JavaSerializationCodec(ClassPolicy.only(allowedClasses), limits);
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
            return new Value(serial.readUnlisted(bytes, loader));
        } catch (RefusedClassException e) {
            return new Unreadable("the class " + e.getMessage() + " is not allowed");
        } catch (Exception | Error e) { // readObject, readResolve and readExternal run application code
            return new Unreadable(e.getClass().getSimpleName());
        }
    }
}
