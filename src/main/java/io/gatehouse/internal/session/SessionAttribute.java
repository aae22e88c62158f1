package io.gatehouse.internal.session;

import io.gatehouse.internal.serialization.NotStorableException;
import io.gatehouse.internal.serialization.ValueCodec;
import io.gatehouse.internal.serialization.ValueCodec.Decoded;
import io.gatehouse.internal.serialization.ValueCodec.Unreadable;
import io.gatehouse.internal.serialization.ValueCodec.Value;
import io.gatehouse.internal.session.store.StoredValue;
import io.gatehouse.internal.session.token.SessionEvent;
import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One attribute as this node sees it: its bytes, and its value once that was read or set.
 *
 * <p><em>Change detection.</em> The application may change a value in place. What it encodes to is therefore compared with its
 * <em>fingerprint</em>: what the same object encoded to when it was set, or right after it was decoded. It is not compared
 * with the stored bytes, because another JVM may encode an equal value differently: the order of a {@code HashMap} keyed by
 * enums or by objects without {@code hashCode} depends on the JVM. A value whose first two encodings after reading differ has
 * no stable form; only setting it stores it.
 *
 * <p>Values are encoded and decoded outside the monitor of this object. Two threads that read a value for the first time may
 * both decode it; one of the two objects is published and both threads get that one. Thread-safe.
 */
final class SessionAttribute {
    private static final System.Logger LOG = System.getLogger(SessionAttribute.class.getName());
    private static final int ENCODING_ATTEMPTS = 50;
    private static final long PAUSE_NANOS = 200_000;

    private final String name;
    /** What is written unless the value has changed in place; null for a value that stays on this node. */
    private volatile byte @Nullable [] bytes;
    /** What the value encodes to while it is unchanged; null for one that is never compared. */
    private volatile byte @Nullable [] fingerprint;

    private volatile @Nullable Object value;
    private volatile boolean unreadable;
    /** Whether the value was notified of being written, and has not been read since. */
    private boolean passive;

    SessionAttribute(String name, byte @Nullable [] bytes, @Nullable Object value) {
        this.name = name;
        this.bytes = bytes;
        this.fingerprint = value == null ? null : bytes;
        this.value = value;
    }

    byte @Nullable [] bytes() {
        return bytes;
    }

    /** The value if it was read or set here. */
    @Nullable
    Object knownValue() {
        return value;
    }

    /** The value, decoded if need be; null if it cannot be read. */
    @Nullable
    Object read(ValueCodec codec, ClassLoader loader, Consumer<SessionEvent> events) {
        Object known = value;
        byte[] stored = bytes;
        if (known != null || unreadable || stored == null) {
            return known;
        }
        Decoded decoded = codec.decode(stored, loader);
        if (decoded instanceof Value readable) {
            return publish(readable.value(), fingerprint(codec, readable.value(), stored));
        }
        unreadable = true;
        events.accept(SessionEvent.ATTRIBUTE_UNREADABLE);
        LOG.log(
                System.Logger.Level.DEBUG,
                "attribute {0} cannot be read ({1}); it is hidden and its bytes are kept",
                name,
                ((Unreadable) decoded).why());
        return null;
    }

    private static byte @Nullable [] fingerprint(ValueCodec codec, Object value, byte[] stored) {
        if (ValueCodec.isImmutable(value)) {
            return stored;
        }
        try {
            byte[] first = codec.encode(value);
            if (Arrays.equals(first, stored)) {
                return stored;
            }
            return Arrays.equals(first, codec.encode(value)) ? first : null;
        } catch (NotStorableException | RuntimeException | LinkageError | StackOverflowError e) {
            return null; // it could be read but not written again, so its changes in place cannot be seen
        }
    }

    private synchronized Object publish(Object decoded, byte @Nullable [] encoded) {
        Object known = value;
        if (known != null) {
            return known; // another thread was faster
        }
        fingerprint = encoded;
        passive = true;
        value = decoded;
        return decoded;
    }

    boolean isReadable(ValueCodec codec, ClassLoader loader, Consumer<SessionEvent> events) {
        byte[] stored = bytes;
        return value != null
                || (stored != null && ValueCodec.isAlwaysReadable(stored))
                || read(codec, loader, events) != null;
    }

    boolean mayChangeInPlace() {
        Object known = value;
        return known != null && fingerprint != null && !ValueCodec.isImmutable(known);
    }

    /** Whether these are the bytes that are stored, as far as is known without encoding the value. */
    boolean isStoredAs(@Nullable StoredValue stored) {
        byte[] mine = bytes;
        return mine == null ? stored == null : stored != null && stored.hasBytes(mine);
    }

    /**
     * Encodes the value and returns the bytes if they differ from the fingerprint, else null. A value that cannot be encoded
     * keeps the bytes that it has.
     *
     * @param shared whether other requests may change the value at the same time: then it is encoded until two results in
     *     succession agree, because a map that is written to meanwhile can encode to something that cannot be read
     */
    byte @Nullable [] changedInPlace(ValueCodec codec, boolean shared, Consumer<SessionEvent> events) {
        Object known = value;
        byte[] before = fingerprint;
        if (known == null || before == null || !mayChangeInPlace()) {
            return null;
        }
        byte[] last = null;
        for (int attempt = 1; attempt <= ENCODING_ATTEMPTS; attempt++) {
            try {
                byte[] encoded = codec.encode(known);
                if (Arrays.equals(encoded, before)) {
                    return null;
                }
                if (!shared || Arrays.equals(encoded, last)) {
                    return encoded;
                }
                last = encoded;
            } catch (NotStorableException e) {
                return keepLast(
                        e.reason().isLimit() ? SessionEvent.ATTRIBUTE_TOO_LARGE : SessionEvent.ATTRIBUTE_UNSTABLE,
                        e.getMessage(),
                        events);
            } catch (LinkageError | StackOverflowError e) {
                return keepLast(SessionEvent.ATTRIBUTE_UNSTABLE, e.getClass().getName(), events);
            } catch (
                    RuntimeException e) { // such as a ConcurrentModificationException: another request is writing to it
                last = null;
                if (attempt == ENCODING_ATTEMPTS) {
                    return keepLast(
                            SessionEvent.ATTRIBUTE_UNSTABLE, e.getClass().getName(), events);
                }
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
        return keepLast(SessionEvent.ATTRIBUTE_UNSTABLE, "it changed while it was written", events);
    }

    private byte @Nullable [] keepLast(SessionEvent event, String reason, Consumer<SessionEvent> events) {
        events.accept(event);
        LOG.log(
                System.Logger.Level.WARNING,
                event == SessionEvent.ATTRIBUTE_TOO_LARGE
                        ? "session attribute {0} has grown beyond a limit: {1}; what it was before is kept"
                        : "session attribute {0} cannot be written in its present state: {1}; what it was before is kept",
                name,
                reason);
        return null;
    }

    /** The value was stored as these bytes. */
    synchronized void written(byte[] encoded) {
        bytes = encoded;
        fingerprint = encoded;
    }

    /** Notes that the value is notified of being written, and returns whether it was not before. */
    synchronized boolean makePassive() {
        boolean was = passive;
        passive = true;
        return !was;
    }

    /** Notes that the value is read, and returns whether it was decoded or written since it was read last. */
    synchronized boolean makeActive() {
        boolean was = passive;
        passive = false;
        return was;
    }

    /** The same attribute for the requests of an older identity, which decode it for themselves. */
    SessionAttribute copy(byte @Nullable [] encoded) {
        Object known = value;
        boolean shareable = encoded == null || (known != null && ValueCodec.isImmutable(known));
        return new SessionAttribute(name, encoded, shareable ? known : null);
    }
}
