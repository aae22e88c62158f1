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
 * is compared with the base, {@link ChangeCounts} whether it may still be stored.
 *
 * <p><em>Merge.</em> For each attribute, the value of this node is kept if this node has set, removed or changed it since the base;
 * otherwise the value of the other node is taken over ({@link AttributeMerge}). Two nodes that change different attributes therefore lose
 * nothing. If both change the same attribute, the later save wins.
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
    private ChangeCounts counts = new ChangeCounts();

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
        counts.changed();
        SessionAttribute replaced = all().put(name, prepared);
        return replaced == null ? null : replaced.knownValue();
    }

    private synchronized void requireFit(String name, byte @Nullable [] bytes) {
        if (bytes == null) {
            return;
        }
        long whole = RecordSize.of(name, bytes);
        for (SessionAttribute other : all().values()) {
            whole += other.name().equals(name) ? 0 : RecordSize.of(other.name(), other.bytes());
        }
        size.requireFit(name, bytes, whole);
    }

    /** Removes a value, and returns it if it was decoded before. */
    synchronized @Nullable Object remove(String name) {
        SessionAttribute old = all().remove(name);
        if (old == null) {
            return null;
        }
        counts.changed();
        return old.knownValue();
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

    /**
     * Returns whether a draft could differ from the base, or from a draft that another request is saving; false if only values that cannot
     * change in place were read.
     */
    synchronized boolean mayDiffer() {
        if (counts.isUnsettled()) {
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

    /** Returns whether a draft may still be stored. */
    synchronized boolean isCurrent(AttributeDraft draft) {
        return counts.allow(draft);
    }

    /** Records that a current draft did not differ from the base. */
    synchronized void confirmed(AttributeDraft draft) {
        counts.confirmed(draft);
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

    /** As {@link #draft(Consumer, boolean)}, but notifies no value. */
    AttributeDraft draft(boolean shared) {
        Map<String, SessionAttribute> all;
        Map<String, StoredValue> stored;
        ChangeCounts.Moment moment;
        synchronized (this) {
            all = new LinkedHashMap<>(all());
            stored = base;
            moment = counts.now();
        }
        return encoder.encode(all, stored, moment, shared);
    }

    /** Returns a new list of the names of the separate fields in the stored record. */
    synchronized List<String> storedFields() {
        return RecordCodec.fieldNames(base);
    }

    /** Makes written values the new base. */
    synchronized void stored(AttributeDraft draft, Map<String, StoredValue> written) {
        draft.encodings().forEach(SessionAttribute::written);
        base = Map.copyOf(written);
        counts.stored(draft);
    }

    /**
     * Makes the values of another node the new base, and takes over all values except those that were changed on this node.
     *
     * @param draft a draft that was compared with the present base
     * @param revision the base, with what is known about a save that got no reply
     */
    synchronized void merge(Map<String, StoredValue> others, AttributeDraft draft, BaseRevision revision) {
        AttributeMerge merge = new AttributeMerge(base, revision.sentOr(base), draft);
        Map<String, SessionAttribute> now = all();
        Set<String> names = new HashSet<>(base.keySet());
        names.addAll(others.keySet());
        for (String name : names) {
            StoredValue other = others.get(name);
            if (merge.keeps(name, now.get(name), other)) {
                continue;
            }
            if (other == null) {
                now.remove(name);
            } else {
                now.put(name, new SessionAttribute(name, other.bytes(), null));
            }
        }
        base = Map.copyOf(others);
        counts.merged();
    }

    /**
     * Returns a copy that takes over the values to which the application holds references. This object keeps their present encodings,
     * and decodes them again when they are read. Both objects share the values that are kept on this node only.
     *
     * @param now a draft
     * @return null if the draft is not current any more
     */
    synchronized @Nullable SessionAttributes fork(AttributeDraft now) {
        if (!counts.allow(now)) {
            return null;
        }
        SessionAttributes fork = new SessionAttributes(codec, size, notStorable, events);
        fork.base = base;
        fork.counts = counts.copy();
        fork.current.putAll(all());
        current.replaceAll((name, sessionAttribute) -> {
            byte[] changed = now.encodings().get(sessionAttribute);
            return sessionAttribute.copy(changed == null ? sessionAttribute.bytes() : changed);
        });
        return fork;
    }
}
