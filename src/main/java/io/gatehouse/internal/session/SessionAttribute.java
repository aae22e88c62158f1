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
 * One attribute on this node: its bytes, and its value once it was read or set. Thread-safe.
 *
 * <p><em>Change detection.</em> The application may change a value in place. Its encoding is therefore compared with its
 * <em>fingerprint</em>: the encoding of the same object when it was set, or immediately after it was decoded. It is not compared with the
 * stored bytes, because another JVM may encode an equal value differently: the order of a {@code HashMap} whose keys are enums or objects
 * without {@code hashCode} depends on the JVM. A value whose first two encodings after decoding differ has no stable encoding; it is
 * stored only when it is set.
 *
 * <p><em>Invariants.</em> Reading a value never stores it. A change in place is stored by the next save. A value that cannot be encoded
 * keeps its last valid bytes.
 *
 * <p>Values are encoded and decoded outside of the monitor of this object. If two threads read a value for the first time, both may decode
 * it; one of the two objects is published, and both threads get it.
 */
final class SessionAttribute {
    private static final System.Logger LOG = System.getLogger(SessionAttribute.class.getName());
    private static final int ENCODING_ATTEMPTS = 50;
    private static final long PAUSE_NANOS = 200_000;

    private final String name;
    /** The bytes to store unless the value has changed in place; null for a value that is kept on this node only. */
    private volatile byte @Nullable [] bytes;
    /** The encoding of the unchanged value; null if the value is never compared. */
    private volatile byte @Nullable [] fingerprint;

    private volatile @Nullable Object value;
    private volatile boolean unreadable;
    /** Whether the value was notified of its passivation, and was not read since. */
    private boolean passive;

    SessionAttribute(String name, byte @Nullable [] bytes, @Nullable Object value) {
        this.name = name;
        this.bytes = bytes;
        this.fingerprint = value == null ? null : bytes;
        this.value = value;
    }

    String name() {
        return name;
    }

    byte @Nullable [] bytes() {
        return bytes;
    }

    /** Returns the value if it was decoded or set on this node, otherwise null. */
    @Nullable
    Object knownValue() {
        return value;
    }

    /** Returns the value, decoding it if necessary; null if it is unreadable. */
    @Nullable
    Object read(ValueCodec codec, ClassLoader loader, Consumer<SessionEvent> events) {
        Object known = value;
        byte[] stored = bytes;
        if (known != null || unreadable || stored == null) {
            return known;
        }
        Decoded decoded = codec.decode(stored, loader);
        if (decoded instanceof Value readable) {
            byte[] encoded = fingerprint(codec, readable.value(), stored);
            if (encoded == null) {
                events.accept(SessionEvent.ATTRIBUTE_UNSTABLE);
                LOG.log(
                        System.Logger.Level.DEBUG,
                        "Session attribute {0} has no stable encoding; set it again to store a change",
                        name);
            }
            return publish(readable.value(), encoded);
        }
        unreadable = true;
        events.accept(SessionEvent.ATTRIBUTE_UNREADABLE);
        LOG.log(
                System.Logger.Level.DEBUG,
                "Session attribute {0} cannot be decoded ({1}); it is hidden, and its bytes are kept",
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
            return null; // the value cannot be encoded again, so changes in place cannot be detected
        }
    }

    private synchronized Object publish(Object decoded, byte @Nullable [] encoded) {
        Object known = value;
        if (known != null) {
            return known; // another thread has published its object first
        }
        fingerprint = encoded;
        passive = true;
        value = decoded;
        return decoded;
    }

    /** Returns whether the value can be decoded. */
    boolean isReadable(ValueCodec codec, ClassLoader loader, Consumer<SessionEvent> events) {
        byte[] stored = bytes;
        return value != null
                || (stored != null && ValueCodec.isAlwaysReadable(stored))
                || read(codec, loader, events) != null;
    }

    /** Returns whether the value is decoded, comparable and mutable. */
    boolean mayChangeInPlace() {
        Object known = value;
        return known != null && fingerprint != null && !ValueCodec.isImmutable(known);
    }

    /** Returns whether the bytes equal a stored value. Does not encode the value. */
    boolean isStoredAs(@Nullable StoredValue stored) {
        byte[] own = bytes;
        return own == null ? stored == null : stored != null && stored.hasBytes(own);
    }

    /**
     * Encodes the value, and returns the bytes if they differ from the fingerprint, otherwise null. A value that cannot be encoded keeps
     * its previous bytes.
     *
     * @param shared whether other requests may change the value at the same time. The value is then encoded until two successive results
     *     are equal, because a map that is modified during the encoding can give unreadable bytes.
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
                    RuntimeException
                            e) { // such as a ConcurrentModificationException, if another request modifies the value
                last = null;
                if (attempt == ENCODING_ATTEMPTS) {
                    return keepLast(
                            SessionEvent.ATTRIBUTE_UNSTABLE, e.getClass().getName(), events);
                }
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
        return keepLast(SessionEvent.ATTRIBUTE_UNSTABLE, "it changed while it was encoded", events);
    }

    private byte @Nullable [] keepLast(SessionEvent event, String reason, Consumer<SessionEvent> events) {
        events.accept(event);
        LOG.log(
                System.Logger.Level.WARNING,
                event == SessionEvent.ATTRIBUTE_TOO_LARGE
                        ? "session attribute {0} has grown beyond a limit: {1}; its previous value is kept"
                        : "Session attribute {0} cannot be encoded in its present state: {1}; its previous value is kept",
                name,
                reason);
        return null;
    }

    /** Records that the value was stored as these bytes. */
    synchronized void written(byte[] encoded) {
        bytes = encoded;
        fingerprint = encoded;
    }

    /** Marks the value as passive; returns whether it was active before. */
    synchronized boolean makePassive() {
        boolean was = passive;
        passive = true;
        return !was;
    }

    /** Marks the value as active; returns whether it was passive before. */
    synchronized boolean makeActive() {
        boolean was = passive;
        passive = false;
        return was;
    }

    /** Returns a copy with other bytes for the requests of an older identity, which decode their own value. */
    SessionAttribute copy(byte @Nullable [] encoded) {
        Object known = value;
        boolean shareable = encoded == null || (known != null && ValueCodec.isImmutable(known));
        return new SessionAttribute(name, encoded, shareable ? known : null);
    }
}
