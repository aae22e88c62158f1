package io.gatehouse.session;

import io.gatehouse.values.NotStorable;
import io.gatehouse.values.ValueCodec;
import io.gatehouse.values.ValueCodec.Decoded;
import io.gatehouse.values.ValueCodec.Unreadable;
import io.gatehouse.values.ValueCodec.Value;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The attributes of one live session: what is stored, decoded when it is first read, and what has changed since.
 *
 * <p><em>Change detection.</em> A value that was set is encoded at once, which refuses what cannot be stored, and again by
 * each {@linkplain #draft draft}, because the application may have changed it in place. A draft compares what a value
 * encodes to with its <em>fingerprint</em>: what the same object encoded to when it was set, or right after it was decoded.
 * It does not compare with the stored bytes, because another JVM may encode an equal value differently: the order of a
 * {@code HashMap} keyed by enums or by objects without {@code hashCode} depends on the JVM. A value whose first two
 * encodings after reading differ has no stable form; only setting it stores it.
 *
 * <p><em>Locks.</em> The monitor of this object guards the maps alone. Values are encoded, decoded and notified outside it,
 * so a value may take any lock of the application. Two threads that read a value for the first time may both decode it; one
 * of the two objects is published and both threads get that one. Thread-safe.
 */
final class Attributes {
    private static final System.Logger LOG = System.getLogger(Attributes.class.getName());
    private static final int ENCODING_ATTEMPTS = 50;
    private static final long PAUSE_NANOS = 200_000;

    private final ValueCodec codec;
    private final boolean keepNotStorable;
    private final Consumer<SessionEvent> events;
    private final Map<String, Attribute> current = new LinkedHashMap<>();
    private Map<String, StoredValue> base = Map.of();
    private long revision;
    private boolean removed;

    Attributes(ValueCodec codec, boolean keepNotStorable, Consumer<SessionEvent> events) {
        this.codec = codec;
        this.keepNotStorable = keepNotStorable;
        this.events = events;
    }

    /** One attribute as this node sees it. */
    private static final class Attribute {
        /** What is written unless the value has changed in place; null for a value that stays on this node. */
        volatile byte @Nullable [] bytes;
        /** What the value encodes to while it is unchanged; null for one that is never compared. */
        volatile byte @Nullable [] fingerprint;

        volatile @Nullable Object value;
        volatile boolean unreadable;
        /** Whether the value was notified of being written, and has not been read since. */
        boolean passive;

        Attribute(byte @Nullable [] bytes, @Nullable Object value) {
            this.bytes = bytes;
            this.fingerprint = value == null ? null : bytes;
            this.value = value;
        }

        boolean mayChangeInPlace() {
            Object known = value;
            return known != null && fingerprint != null && !ValueCodec.isImmutable(known);
        }

        synchronized boolean makePassive() {
            boolean was = passive;
            passive = true;
            return !was;
        }

        synchronized boolean makeActive() {
            boolean was = passive;
            passive = false;
            return was;
        }

        /** Publishes a decoded value unless another thread was faster, and returns the value that is published. */
        synchronized Object publish(Object decoded, byte @Nullable [] encoded) {
            Object known = value;
            if (known != null) {
                return known;
            }
            fingerprint = encoded;
            passive = true;
            value = decoded;
            return decoded;
        }

        /** The value was stored as these bytes. */
        synchronized void written(byte[] encoded) {
            bytes = encoded;
            fingerprint = encoded;
        }
    }

    /**
     * What the attributes are at one moment.
     *
     * @param values everything that is to be stored; what is stored already has its tag
     * @param changedNames the names whose value or presence differs from what is stored
     * @param encodings what changed in place, by its attribute
     * @param revision the {@link #revision()} that it was compared with
     */
    record Draft(
            Map<String, StoredValue> values, Set<String> changedNames, Map<Object, byte[]> encodings, long revision) {
        boolean changed() {
            return !changedNames.isEmpty();
        }
    }

    /** Takes what was read from Redis; only for an object that is not shared yet. */
    synchronized void load(Map<String, StoredValue> stored) {
        stored.forEach((name, value) -> current.put(name, new Attribute(value.bytes(), null)));
        base = Map.copyOf(stored);
    }

    /**
     * Returns the value of an attribute, or null.
     *
     * @param activated notified of a value that was decoded or written since it was read last
     */
    @Nullable
    Object get(String name, ClassLoader loader, Consumer<Object> activated) {
        Attribute attribute;
        synchronized (this) {
            attribute = current.get(name);
        }
        if (attribute == null) {
            return null;
        }
        Object value = read(name, attribute, loader);
        if (value != null && attribute.makeActive()) {
            activated.accept(value);
        }
        return value;
    }

    private @Nullable Object read(String name, Attribute attribute, ClassLoader loader) {
        Object known = attribute.value;
        byte[] bytes = attribute.bytes;
        if (known != null || attribute.unreadable || bytes == null) {
            return known;
        }
        Decoded decoded = codec.decode(bytes, loader);
        if (decoded instanceof Value readable) {
            return attribute.publish(readable.value(), fingerprint(readable.value(), bytes));
        }
        attribute.unreadable = true;
        events.accept(SessionEvent.ATTRIBUTE_UNREADABLE);
        LOG.log(
                System.Logger.Level.DEBUG,
                "attribute {0} cannot be read ({1}); it is hidden and its bytes are kept",
                name,
                ((Unreadable) decoded).why());
        return null;
    }

    private byte @Nullable [] fingerprint(Object value, byte[] stored) {
        if (ValueCodec.isImmutable(value)) {
            return stored;
        }
        try {
            byte[] first = codec.encode(value);
            if (Arrays.equals(first, stored)) {
                return stored;
            }
            return Arrays.equals(first, codec.encode(value)) ? first : null;
        } catch (NotStorable | RuntimeException | LinkageError | StackOverflowError e) {
            return null; // it could be read but not written again, so its changes in place cannot be seen
        }
    }

    /**
     * Sets a value.
     *
     * @param beforehand done when it is certain that the value can be set, and before it can be seen
     * @return the value that it replaces, unless that one has not been read yet
     * @throws IllegalArgumentException if it cannot be stored and is not to be kept on this node; names the reason
     */
    @Nullable
    Object set(String name, Object value, Runnable beforehand) {
        byte[] bytes = null;
        try {
            bytes = codec.encode(value);
        } catch (NotStorable e) {
            String message = "session attribute '" + name + "' cannot be stored: " + e.getMessage();
            if (!keepNotStorable) {
                throw new IllegalArgumentException(message, e);
            }
            LOG.log(System.Logger.Level.DEBUG, "{0}; it is kept on this node only", message);
        }
        beforehand.run();
        synchronized (this) {
            Attribute replaced = current.put(name, new Attribute(bytes, value));
            return replaced == null ? null : replaced.value;
        }
    }

    /** Removes a value and returns it, unless it has not been read yet. */
    synchronized @Nullable Object remove(String name) {
        Attribute gone = current.remove(name);
        removed |= gone != null;
        return gone == null ? null : gone.value;
    }

    /** The names of all attributes that can be read. Decodes values to find out. */
    List<String> names(ClassLoader loader) {
        Map<String, Attribute> all;
        synchronized (this) {
            all = new LinkedHashMap<>(current);
        }
        List<String> names = new ArrayList<>(all.size());
        all.forEach((name, attribute) -> {
            byte[] bytes = attribute.bytes;
            boolean readable = attribute.value != null
                    || (bytes != null && ValueCodec.isAlwaysReadable(bytes))
                    || read(name, attribute, loader) != null;
            if (readable) {
                names.add(name);
            }
        });
        return names;
    }

    /** Whether a draft could differ from what is stored; false while values that cannot change in place were only read. */
    synchronized boolean mayDiffer() {
        if (removed) {
            return true;
        }
        for (Map.Entry<String, Attribute> entry : current.entrySet()) {
            Attribute attribute = entry.getValue();
            byte[] bytes = attribute.bytes;
            StoredValue before = base.get(entry.getKey());
            boolean stored = bytes == null ? before == null : before != null && before.hasBytes(bytes);
            if (!stored || attribute.mayChangeInPlace()) {
                return true;
            }
        }
        return false;
    }

    /** A number that changes whenever what is known to be stored changes. */
    synchronized long revision() {
        return revision;
    }

    /**
     * Encodes what may have changed and compares it with what is stored.
     *
     * @param passivating notified of a value before it is encoded
     * @param shared whether other requests may change values at the same time: then a value is encoded until two results in
     *     succession agree, because a map that is written to meanwhile can encode to something that cannot be read
     */
    Draft draft(Consumer<Object> passivating, boolean shared) {
        for (Attribute attribute : snapshot()) {
            Object value = attribute.value;
            if (value != null && attribute.mayChangeInPlace() && attribute.makePassive()) {
                passivating.accept(value); // which may set other attributes
            }
        }
        return draft(shared);
    }

    private synchronized List<Attribute> snapshot() {
        return List.copyOf(current.values());
    }

    private Draft draft(boolean shared) {
        Map<String, Attribute> all;
        Map<String, StoredValue> stored;
        long comparedWith;
        synchronized (this) {
            all = new LinkedHashMap<>(current);
            stored = base;
            comparedWith = revision;
        }
        Map<String, StoredValue> values = new LinkedHashMap<>();
        Map<Object, byte[]> encodings = new HashMap<>();
        Set<String> changedNames = new HashSet<>(stored.keySet());
        Set<Integer> slots = new HashSet<>();
        stored.values().forEach(value -> slots.add(value.slot()));
        all.forEach((name, attribute) -> {
            byte[] bytes = attribute.bytes;
            if (bytes == null) {
                return;
            }
            byte[] changed = changedInPlace(name, attribute, shared);
            if (changed != null) {
                encodings.put(attribute, changed);
                bytes = changed;
            }
            StoredValue before = stored.get(name);
            if (before != null && before.hasBytes(bytes)) {
                values.put(name, before);
                changedNames.remove(name);
            } else {
                values.put(name, place(bytes, before, slots));
                changedNames.add(name);
            }
        });
        return new Draft(values, changedNames, encodings, comparedWith);
    }

    private static StoredValue place(byte[] bytes, @Nullable StoredValue before, Set<Integer> slots) {
        if (bytes.length <= StoredValue.LONGEST_INLINE) {
            return StoredValue.inline(bytes);
        }
        if (before != null && !before.isInline()) {
            return StoredValue.alone(bytes, before.slot());
        }
        int slot = 0;
        while (!slots.add(slot)) {
            slot++;
        }
        return StoredValue.alone(bytes, slot);
    }

    /** What a value encodes to if that differs from its fingerprint, or null. */
    private byte @Nullable [] changedInPlace(String name, Attribute attribute, boolean shared) {
        Object value = attribute.value;
        byte[] fingerprint = attribute.fingerprint;
        if (value == null || fingerprint == null || !attribute.mayChangeInPlace()) {
            return null;
        }
        byte[] last = null;
        for (int attempt = 0; attempt < ENCODING_ATTEMPTS; attempt++) {
            try {
                byte[] encoded = codec.encode(value);
                if (Arrays.equals(encoded, fingerprint)) {
                    return null;
                }
                if (!shared || Arrays.equals(encoded, last)) {
                    return encoded;
                }
                last = encoded;
            } catch (NotStorable | LinkageError | StackOverflowError e) {
                return kept(name, e);
            } catch (RuntimeException e) { // such as a ConcurrentModificationException: another request is writing to it
                last = null;
                if (attempt == ENCODING_ATTEMPTS - 1) {
                    return kept(name, e);
                }
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
        return kept(name, new IllegalStateException("it changed all the time"));
    }

    private byte @Nullable [] kept(String name, Throwable reason) {
        events.accept(SessionEvent.ATTRIBUTE_UNSTABLE);
        LOG.log(
                System.Logger.Level.WARNING,
                "session attribute {0} cannot be stored in its present state, so its last good state is kept: {1}",
                name,
                reason instanceof NotStorable ? reason.getMessage() : reason.getClass().getName());
        return null;
    }

    synchronized List<String> storedFields() {
        return RecordFormat.fieldNames(base);
    }

    /** Takes what was written as the state that is stored. */
    synchronized void stored(Draft draft, Map<String, StoredValue> written) {
        draft.encodings().forEach((attribute, bytes) -> ((Attribute) attribute).written(bytes));
        base = Map.copyOf(written);
        removed = !current.keySet().containsAll(base.keySet());
        revision++;
    }

    /**
     * Takes over what another node stored, except for attributes that were changed here too: there the later save, the one
     * of this node, wins.
     *
     * @param changedHere the names that a draft found changed; what was set since is found by comparison
     */
    synchronized void rebase(Map<String, StoredValue> theirs, Set<String> changedHere) {
        Set<String> all = new HashSet<>(base.keySet());
        all.addAll(theirs.keySet());
        for (String name : all) {
            StoredValue their = theirs.get(name);
            StoredValue before = base.get(name);
            boolean same = their != null && before != null && their.hasBytes(before.bytes());
            if (same || changedHere.contains(name) || wasSet(name, before)) {
                continue;
            }
            if (their == null) {
                current.remove(name);
            } else {
                current.put(name, new Attribute(their.bytes(), null));
            }
        }
        base = Map.copyOf(theirs);
        removed = !current.keySet().containsAll(base.keySet());
        revision++;
    }

    /** Whether the attribute was set or removed here since it was stored. */
    private boolean wasSet(String name, @Nullable StoredValue before) {
        Attribute attribute = current.get(name);
        byte[] bytes = attribute == null ? null : attribute.bytes;
        return before == null ? attribute != null : bytes == null || !before.hasBytes(bytes);
    }

    /**
     * Moves the values that the application holds references to into a copy; this object keeps what they encode to now and
     * decodes them again when they are read. Values that stay on this node are shared by both.
     */
    Attributes fork() {
        Draft now = draft(true);
        Attributes fork = new Attributes(codec, keepNotStorable, events);
        synchronized (this) {
            fork.base = base;
            fork.removed = removed;
            fork.current.putAll(current);
            current.replaceAll((name, attribute) -> {
                byte[] bytes = now.encodings().getOrDefault(attribute, attribute.bytes);
                Object value = attribute.value;
                boolean shareable = bytes == null || (value != null && ValueCodec.isImmutable(value));
                return new Attribute(bytes, shareable ? value : null);
            });
        }
        return fork;
    }
}
