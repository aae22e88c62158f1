package io.gatehouse.session;

import io.gatehouse.values.NotStorable;
import io.gatehouse.values.ValueCodec;
import io.gatehouse.values.ValueCodec.Decoded;
import io.gatehouse.values.ValueCodec.Unreadable;
import io.gatehouse.values.ValueCodec.Value;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The attributes of one live session: what is stored, decoded when it is first asked for, and what has changed since.
 *
 * <p>A value that was set is encoded at once, to refuse what cannot be stored, and again when the session is saved, because
 * it may have been changed in place since. For the same reason values that were read and are not known to be immutable are
 * encoded again and compared. Safe for use by several threads.
 */
final class Attributes {
    private static final System.Logger LOG = System.getLogger(Attributes.class.getName());
    private static final int ENCODING_ATTEMPTS = 3;

    private final ValueCodec codec;
    private final boolean keepNotStorable;
    private final Consumer<SessionEvent> events;
    private final Map<String, Attribute> current = new LinkedHashMap<>();
    private Map<String, StoredValue> base = Map.of();
    /** Whether anything was set or removed, or a value given out that could be changed in place. */
    private boolean touched;

    Attributes(ValueCodec codec, boolean keepNotStorable, Consumer<SessionEvent> events) {
        this.codec = codec;
        this.keepNotStorable = keepNotStorable;
        this.events = events;
    }

    /** One attribute as this node sees it. */
    private static final class Attribute {
        /** What would be written if nothing changed in place; null only for a value that cannot be stored. */
        byte @Nullable [] bytes;

        @Nullable
        Object value;

        boolean unreadable;
        /** The value was told that it would be written, and nobody has asked for it since. */
        boolean passive;

        Attribute(byte @Nullable [] bytes, @Nullable Object value) {
            this.bytes = bytes;
            this.value = value;
        }
    }

    /**
     * What the attributes are now.
     *
     * @param values everything that is to be stored; what is stored already has its tag
     * @param changed whether that differs from what is stored
     * @param changedNames the names whose value or presence differs
     */
    record Draft(Map<String, StoredValue> values, boolean changed, Set<String> changedNames) {}

    /** @param activated told of a value that was read back or written since it was asked for last */
    synchronized @Nullable Object get(String name, ClassLoader loader, Consumer<Object> activated) {
        Attribute attribute = current.get(name);
        if (attribute == null) {
            return null;
        }
        byte[] bytes = attribute.bytes;
        if (attribute.value == null && !attribute.unreadable && bytes != null) {
            Decoded decoded = codec.decode(bytes, loader);
            if (decoded instanceof Value readable) {
                attribute.value = readable.value();
                attribute.passive = true;
                touched |= !ValueCodec.isImmutable(readable.value());
            } else {
                attribute.unreadable = true;
                events.accept(SessionEvent.ATTRIBUTE_UNREADABLE);
                LOG.log(
                        System.Logger.Level.DEBUG,
                        "attribute {0} cannot be read ({1}); it is hidden and its bytes are kept",
                        name,
                        ((Unreadable) decoded).why());
            }
        }
        Object value = attribute.value;
        if (value != null && attribute.passive) {
            attribute.passive = false;
            activated.accept(value);
        }
        return value;
    }

    /**
     * Sets a value.
     *
     * @param beforehand done when it is certain that the value can be set, and before anybody can see it
     * @return the value that it replaces, unless nobody has asked for that one yet
     * @throws IllegalArgumentException if it cannot be stored and is not to be kept on this node; says what the culprit is
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
            touched = true;
            Attribute replaced = current.put(name, new Attribute(bytes, value));
            return replaced == null ? null : replaced.value;
        }
    }

    /** Removes a value and gives it back, unless nobody has asked for it yet. */
    synchronized @Nullable Object remove(String name) {
        touched = true;
        Attribute removed = current.remove(name);
        return removed == null ? null : removed.value;
    }

    /** The names of all attributes, but for those that turned out to be unreadable. */
    synchronized List<String> names() {
        List<String> names = new ArrayList<>();
        current.forEach((name, attribute) -> {
            if (!attribute.unreadable) {
                names.add(name);
            }
        });
        return names;
    }

    /** Whether a draft could differ from what is stored; false for what was only looked at. */
    synchronized boolean mayDiffer() {
        return touched;
    }

    /**
     * Encodes what may have changed and compares it with what is stored.
     *
     * @param passivating told of a value before it is encoded; null if that is only to compare
     */
    synchronized Draft draft(@Nullable Consumer<Object> passivating) {
        Map<String, StoredValue> values = new LinkedHashMap<>();
        Set<String> changedNames = new HashSet<>(base.keySet());
        Set<Integer> slots = new HashSet<>();
        base.values().forEach(value -> slots.add(value.slot()));
        new LinkedHashMap<>(current).forEach((name, attribute) -> { // values that are told may change others
            byte[] bytes = encoded(name, attribute, passivating);
            if (bytes == null) {
                return;
            }
            StoredValue before = base.get(name);
            if (before != null && before.hasBytes(bytes)) {
                values.put(name, before);
                changedNames.remove(name);
            } else {
                values.put(name, place(bytes, before, slots));
                changedNames.add(name);
            }
        });
        return new Draft(values, !changedNames.isEmpty(), changedNames);
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

    private byte @Nullable [] encoded(String name, Attribute attribute, @Nullable Consumer<Object> passivating) {
        Object value = attribute.value;
        byte[] lastGood = attribute.bytes;
        if (value == null || lastGood == null || ValueCodec.isImmutable(value)) {
            return lastGood;
        }
        if (passivating != null && !attribute.passive) {
            attribute.passive = true;
            passivating.accept(value);
        }
        for (int attempt = 0; attempt < ENCODING_ATTEMPTS; attempt++) {
            try {
                attribute.bytes = codec.encode(value);
                return attribute.bytes;
            } catch (NotStorable e) {
                break;
            } catch (RuntimeException e) {
                Thread.onSpinWait(); // such as a ConcurrentModificationException: somebody is writing to it right now
            }
        }
        events.accept(SessionEvent.ATTRIBUTE_UNSTABLE);
        LOG.log(
                System.Logger.Level.WARNING,
                "session attribute {0} could not be written in its present state; what it was before is kept",
                name);
        return lastGood;
    }

    synchronized List<String> storedFields() {
        return RecordFormat.fieldNames(base);
    }

    /** Takes what was written as the new state of things. */
    synchronized void stored(Map<String, StoredValue> written) {
        base = Map.copyOf(written);
    }

    /** Takes over what another node stored, except for names that were changed here too: there the later one, ours, wins. */
    synchronized void rebase(Map<String, StoredValue> theirs, Set<String> changedHere) {
        Set<String> all = new HashSet<>(base.keySet());
        all.addAll(theirs.keySet());
        for (String name : all) {
            StoredValue their = theirs.get(name);
            StoredValue before = base.get(name);
            if (changedHere.contains(name) || (their != null && before != null && their.hasBytes(before.bytes()))) {
                continue;
            }
            if (their == null) {
                current.remove(name);
            } else {
                current.put(name, new Attribute(their.bytes(), null));
            }
        }
        base = Map.copyOf(theirs);
    }
}
