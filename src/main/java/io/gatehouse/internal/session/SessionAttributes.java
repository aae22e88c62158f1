package io.gatehouse.internal.session;

import io.gatehouse.internal.serialization.NotStorableException;
import io.gatehouse.internal.serialization.ValueCodec;
import io.gatehouse.internal.session.store.RecordCodec;
import io.gatehouse.internal.session.store.RecordSize;
import io.gatehouse.internal.session.store.StoredValue;
import io.gatehouse.internal.session.token.SessionEvent;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The attributes of one live session: the stored values (the base), which are decoded at the first read, and the changes of this node.
 * Thread-safe.
 *
 * <p><em>Changes.</em> {@link SessionAttribute} explains how a change of one attribute is detected, {@link AttributeEncoder} how a draft
 * is compared with the base. The {@linkplain #revision() revision} increases whenever the base changes, so a draft of an older base is
 * recognized and not stored.
 *
 * <p><em>Merge.</em> For each attribute, the value of this node is kept if this node has set, removed or changed it since the base;
 * otherwise the value of the other node is taken over. Two nodes that change different attributes therefore lose nothing. If both change
 * the same attribute, the later save wins.
 *
 * <p><em>Laziness.</em> Most requests read one or two of the attributes. Until an operation needs all of them, only those that were read
 * have a {@link SessionAttribute}; every other one is as in the base.
 *
 * <p><em>Locks.</em> The monitor of this object guards only the maps. Values are encoded, decoded and notified outside of it, so a value
 * may acquire any lock of the application.
 */
final class SessionAttributes {
    private final ValueCodec codec;
    private final RecordSize size;
    private final NotStorableValues notStorable;
    private final Consumer<SessionEvent> events;
    private final AttributeEncoder encoder;
    /** The attributes that were read, in any order, while {@code lazy}; then all attributes. */
    private Map<String, SessionAttribute> current = new LinkedHashMap<>();

    private Map<String, StoredValue> base = Map.of();
    private boolean lazy;
    private long revision;
    private boolean removed;

    SessionAttributes(ValueCodec codec, RecordSize size, NotStorableValues notStorable, Consumer<SessionEvent> events) {
        this.codec = codec;
        this.size = size;
        this.notStorable = notStorable;
        this.events = events;
        this.encoder = new AttributeEncoder(codec, size, events);
    }

    /** Loads stored values into an object that is not shared yet. */
    synchronized void load(Map<String, StoredValue> stored) {
        base = stored;
        lazy = true;
    }

    /** Returns all attributes, in the order in which they were loaded or set. */
    private Map<String, SessionAttribute> all() {
        if (lazy) {
            Map<String, SessionAttribute> ordered = new LinkedHashMap<>();
            base.forEach((name, value) -> ordered.put(name, asStored(name, value)));
            current = ordered;
            lazy = false;
        }
        return current;
    }

    private synchronized @Nullable SessionAttribute find(String name) {
        StoredValue stored = lazy ? base.get(name) : null;
        return stored == null ? current.get(name) : asStored(name, stored);
    }

    private SessionAttribute asStored(String name, StoredValue stored) {
        return current.computeIfAbsent(name, any -> new SessionAttribute(name, stored.bytes(), null));
    }

    /**
     * Returns the value of an attribute, or null.
     *
     * @param activated called with a value that was decoded or written since the last read
     */
    @Nullable
    Object get(String name, ClassLoader loader, Consumer<Object> activated) {
        SessionAttribute sessionAttribute = find(name);
        if (sessionAttribute == null) {
            return null;
        }
        Object value = sessionAttribute.read(codec, loader, events);
        if (value != null && sessionAttribute.makeActive()) {
            activated.accept(value);
        }
        return value;
    }

    /**
     * Encodes a value and checks that it can be set. Changes nothing.
     *
     * @throws IllegalArgumentException if the value is too large, or can neither be stored nor be kept on this node
     */
    SessionAttribute prepare(String name, Object value) {
        byte[] bytes = null;
        try {
            bytes = notStorable.pins(name, value) ? null : codec.encode(value);
        } catch (NotStorableException e) {
            notStorable.keepOrRefuse(name, value, e);
        }
        requireFit(name, bytes);
        return new SessionAttribute(name, bytes, value);
    }

    /** Sets a prepared value, and returns the value that it replaces if that was decoded before. */
    synchronized @Nullable Object set(String name, SessionAttribute prepared) {
        SessionAttribute replaced = all().put(name, prepared);
        return replaced == null ? null : replaced.knownValue();
    }

    private synchronized void requireFit(String name, byte @Nullable [] bytes) {
        SessionAttribute before = all().get(name);
        long whole = total() + RecordSize.of(name, bytes) - (before == null ? 0 : RecordSize.of(name, before.bytes()));
        if (bytes != null && !size.fits(whole)) {
            throw new IllegalArgumentException("session attribute '" + name + "' does not fit: with its " + bytes.length
                    + " bytes the session would take " + whole + " bytes, the limit is " + size.most()
                    + " (GATEHOUSE_SESSION_MAX_BYTES)");
        }
    }

    private long total() {
        return all().entrySet().stream()
                .mapToLong(sessionAttribute -> RecordSize.of(
                        sessionAttribute.getKey(), sessionAttribute.getValue().bytes()))
                .sum();
    }

    /** Removes a value, and returns it if it was decoded before. */
    synchronized @Nullable Object remove(String name) {
        SessionAttribute old = all().remove(name);
        removed |= old != null;
        return old == null ? null : old.knownValue();
    }

    /** Returns the values that are kept on this node only. */
    synchronized Map<String, Object> localValues() {
        if (lazy) {
            return Map.of();
        }
        Map<String, Object> values = new LinkedHashMap<>();
        current.forEach((name, sessionAttribute) -> {
            if (sessionAttribute.bytes() == null && sessionAttribute.knownValue() != null) {
                values.put(name, sessionAttribute.knownValue());
            }
        });
        return values;
    }

    /** Restores the result of {@link #localValues}, except names that have stored values. */
    synchronized void restore(Map<String, Object> localValues) {
        localValues.forEach((name, value) -> all().putIfAbsent(name, new SessionAttribute(name, null, value)));
    }

    /** Returns the names of all readable attributes. May decode values. */
    List<String> names(ClassLoader loader) {
        Map<String, SessionAttribute> all;
        synchronized (this) {
            all = new LinkedHashMap<>(all());
        }
        List<String> names = new ArrayList<>(all.size());
        all.forEach((name, sessionAttribute) -> {
            if (sessionAttribute.isReadable(codec, loader, events)) {
                names.add(name);
            }
        });
        return names;
    }

    /** Returns whether a draft could differ from the base; false if only values that cannot change in place were read. */
    synchronized boolean mayDiffer() {
        if (removed) {
            return true;
        }
        for (Map.Entry<String, SessionAttribute> entry : current.entrySet()) {
            SessionAttribute sessionAttribute = entry.getValue();
            if (sessionAttribute.mayChangeInPlace() || !sessionAttribute.isStoredAs(base.get(entry.getKey()))) {
                return true;
            }
        }
        return false;
    }

    /** Returns the number of changes of the base. */
    synchronized long revision() {
        return revision;
    }

    /**
     * Encodes all values that may have changed, and compares them with the base.
     *
     * @param passivating called with a value before it is encoded
     * @param shared whether other requests may change values at the same time. A value is then encoded until two successive results are
     *     equal, because a map that is modified during the encoding can give unreadable bytes.
     */
    AttributeDraft draft(Consumer<Object> passivating, boolean shared) {
        for (SessionAttribute sessionAttribute : snapshot()) {
            Object value = sessionAttribute.knownValue();
            if (value != null && sessionAttribute.mayChangeInPlace() && sessionAttribute.makePassive()) {
                passivating.accept(value); // the listener may set other attributes
            }
        }
        return draft(shared);
    }

    private synchronized List<SessionAttribute> snapshot() {
        return List.copyOf(all().values());
    }

    private AttributeDraft draft(boolean shared) {
        Map<String, SessionAttribute> all;
        Map<String, StoredValue> stored;
        long comparedWith;
        synchronized (this) {
            all = new LinkedHashMap<>(all());
            stored = base;
            comparedWith = revision;
        }
        return encoder.encode(all, stored, comparedWith, shared);
    }

    /** Returns a new list of the names of the separate fields in the stored record. */
    synchronized List<String> storedFields() {
        return RecordCodec.fieldNames(base);
    }

    /** Makes written values the new base. */
    synchronized void stored(AttributeDraft draft, Map<String, StoredValue> written) {
        draft.encodings().forEach(SessionAttribute::written);
        Map<String, SessionAttribute> now = all();
        base = Map.copyOf(written);
        removed = !now.keySet().containsAll(base.keySet());
        revision++;
    }

    /**
     * Makes the values of another node the new base, and takes over all values except those that were changed on this node.
     *
     * @param changedHere the names that a draft found changed; attributes that were set after the draft are found by comparison
     */
    synchronized void merge(Map<String, StoredValue> others, Set<String> changedHere) {
        Map<String, SessionAttribute> now = all();
        Set<String> names = new HashSet<>(base.keySet());
        names.addAll(others.keySet());
        for (String name : names) {
            StoredValue other = others.get(name);
            StoredValue before = base.get(name);
            boolean same = other != null && before != null && other.hasBytes(before.bytes());
            if (same || changedHere.contains(name) || wasSet(name, before)) {
                continue;
            }
            if (other == null) {
                now.remove(name);
            } else {
                now.put(name, new SessionAttribute(name, other.bytes(), null));
            }
        }
        base = Map.copyOf(others);
        removed = !now.keySet().containsAll(base.keySet());
        revision++;
    }

    /** Returns whether this node has set or removed an attribute since the base. */
    private boolean wasSet(String name, @Nullable StoredValue before) {
        SessionAttribute sessionAttribute = all().get(name);
        return sessionAttribute == null ? before != null : !sessionAttribute.isStoredAs(before);
    }

    /**
     * Returns a copy that takes over the values to which the application holds references. This object keeps their present encodings,
     * and decodes them again when they are read. Both objects share the values that are kept on this node only.
     */
    SessionAttributes fork() {
        AttributeDraft now = draft(true);
        SessionAttributes fork = new SessionAttributes(codec, size, notStorable, events);
        synchronized (this) {
            fork.base = base;
            fork.removed = removed;
            fork.current.putAll(all());
            current.replaceAll((name, sessionAttribute) -> {
                byte[] changed = now.encodings().get(sessionAttribute);
                return sessionAttribute.copy(changed == null ? sessionAttribute.bytes() : changed);
            });
        }
        return fork;
    }
}
