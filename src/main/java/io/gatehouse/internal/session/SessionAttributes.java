package io.gatehouse.internal.session;

import io.gatehouse.internal.serialization.NotStorableException;
import io.gatehouse.internal.serialization.ValueCodec;
import io.gatehouse.internal.session.store.RecordCodec;
import io.gatehouse.internal.session.store.RecordSize;
import io.gatehouse.internal.session.store.StoredValue;
import io.gatehouse.internal.session.token.SessionEvent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The attributes of one live session: what is stored, decoded when it is first read, and what has changed since.
 *
 * <p><em>Locks.</em> The monitor of this object guards the maps alone. Values are encoded, decoded and notified outside it,
 * so a value may take any lock of the application. {@link SessionAttribute} explains how changes are found. Thread-safe.
 */
final class SessionAttributes {
    private static final System.Logger LOG = System.getLogger(SessionAttributes.class.getName());

    private final ValueCodec codec;
    private final RecordSize size;
    private final NotStorableValues notStorable;
    private final Consumer<SessionEvent> events;
    private final Map<String, SessionAttribute> current = new LinkedHashMap<>();
    private Map<String, StoredValue> base = Map.of();
    private long revision;
    private boolean removed;

    SessionAttributes(ValueCodec codec, RecordSize size, NotStorableValues notStorable, Consumer<SessionEvent> events) {
        this.codec = codec;
        this.size = size;
        this.notStorable = notStorable;
        this.events = events;
    }

    /** Takes what was read from Redis; only for an object that is not shared yet. */
    synchronized void load(Map<String, StoredValue> stored) {
        stored.forEach((name, value) -> current.put(name, new SessionAttribute(name, value.bytes(), null)));
        base = Map.copyOf(stored);
    }

    /**
     * Returns the value of an attribute, or null.
     *
     * @param activated notified of a value that was decoded or written since it was read last
     */
    @Nullable
    Object get(String name, ClassLoader loader, Consumer<Object> activated) {
        SessionAttribute sessionAttribute;
        synchronized (this) {
            sessionAttribute = current.get(name);
        }
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
     * @throws IllegalArgumentException if the value cannot be stored and may not stay on this node either, or does not fit
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

    /** Sets a prepared value, and returns the value that it replaces unless that one has not been read yet. */
    synchronized @Nullable Object set(String name, SessionAttribute prepared) {
        SessionAttribute replaced = current.put(name, prepared);
        return replaced == null ? null : replaced.knownValue();
    }

    private synchronized void requireFit(String name, byte @Nullable [] bytes) {
        SessionAttribute before = current.get(name);
        long whole = total() + RecordSize.of(name, bytes) - (before == null ? 0 : RecordSize.of(name, before.bytes()));
        if (bytes != null && !size.fits(whole)) {
            throw new IllegalArgumentException("session attribute '" + name + "' does not fit: with its " + bytes.length
                    + " bytes the session would take " + whole + ", the limit is " + size.most()
                    + " (GATEHOUSE_SESSION_MAX_BYTES)");
        }
    }

    private long total() {
        return current.entrySet().stream()
                .mapToLong(sessionAttribute -> RecordSize.of(
                        sessionAttribute.getKey(), sessionAttribute.getValue().bytes()))
                .sum();
    }

    /** Removes a value and returns it, unless it has not been read yet. */
    synchronized @Nullable Object remove(String name) {
        SessionAttribute gone = current.remove(name);
        removed |= gone != null;
        return gone == null ? null : gone.knownValue();
    }

    /** The values that cannot be stored. */
    synchronized Map<String, Object> localValues() {
        Map<String, Object> values = new LinkedHashMap<>();
        current.forEach((name, sessionAttribute) -> {
            if (sessionAttribute.bytes() == null && sessionAttribute.knownValue() != null) {
                values.put(name, sessionAttribute.knownValue());
            }
        });
        return values;
    }

    /** Takes back what {@link #localValues} gave, but for names that have stored values since. */
    synchronized void restore(Map<String, Object> localValues) {
        localValues.forEach((name, value) -> current.putIfAbsent(name, new SessionAttribute(name, null, value)));
    }

    /** The names of all attributes that can be read. Decodes values to find out. */
    List<String> names(ClassLoader loader) {
        Map<String, SessionAttribute> all;
        synchronized (this) {
            all = new LinkedHashMap<>(current);
        }
        List<String> names = new ArrayList<>(all.size());
        all.forEach((name, sessionAttribute) -> {
            if (sessionAttribute.isReadable(codec, loader, events)) {
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
        for (Map.Entry<String, SessionAttribute> entry : current.entrySet()) {
            SessionAttribute sessionAttribute = entry.getValue();
            if (sessionAttribute.mayChangeInPlace() || !sessionAttribute.isStoredAs(base.get(entry.getKey()))) {
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
    AttributeDraft draft(Consumer<Object> passivating, boolean shared) {
        for (SessionAttribute sessionAttribute : snapshot()) {
            Object value = sessionAttribute.knownValue();
            if (value != null && sessionAttribute.mayChangeInPlace() && sessionAttribute.makePassive()) {
                passivating.accept(value); // which may set other attributes
            }
        }
        return draft(shared);
    }

    private synchronized List<SessionAttribute> snapshot() {
        return List.copyOf(current.values());
    }

    private AttributeDraft draft(boolean shared) {
        Map<String, SessionAttribute> all;
        Map<String, StoredValue> stored;
        long comparedWith;
        synchronized (this) {
            all = new LinkedHashMap<>(current);
            stored = base;
            comparedWith = revision;
        }
        Map<String, StoredValue> values = new LinkedHashMap<>();
        Map<SessionAttribute, byte[]> encodings = new HashMap<>();
        Set<String> changedNames = new HashSet<>(stored.keySet());
        Set<Integer> slots = new HashSet<>();
        stored.values().forEach(value -> slots.add(value.slot()));
        all.forEach((name, sessionAttribute) -> {
            byte[] bytes = sessionAttribute.bytes();
            if (bytes == null) {
                return;
            }
            byte[] changed = sessionAttribute.changedInPlace(codec, shared, events);
            if (changed != null) {
                encodings.put(sessionAttribute, changed);
                bytes = changed;
            }
            StoredValue before = stored.get(name);
            if (before != null && before.hasBytes(bytes)) {
                values.put(name, before);
                changedNames.remove(name);
            } else {
                values.put(name, StoredValue.place(bytes, before, slots));
                changedNames.add(name);
            }
        });
        for (String name : size.beyond(values, stored)) {
            values.compute(name, (same, value) -> stored.get(same));
            changedNames.remove(name);
            tooLarge(name, "the session would take more than " + size.most() + " bytes");
        }
        return new AttributeDraft(values, changedNames, encodings, comparedWith);
    }

    private void tooLarge(String name, String found) {
        events.accept(SessionEvent.ATTRIBUTE_TOO_LARGE);
        LOG.log(
                System.Logger.Level.WARNING,
                "session attribute {0} has grown beyond a limit: {1}; what it was before is kept",
                name,
                found);
    }

    synchronized List<String> storedFields() {
        return RecordCodec.fieldNames(base);
    }

    /** Takes what was written as the state that is stored. */
    synchronized void stored(AttributeDraft draft, Map<String, StoredValue> written) {
        draft.encodings().forEach(SessionAttribute::written);
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
                current.put(name, new SessionAttribute(name, their.bytes(), null));
            }
        }
        base = Map.copyOf(theirs);
        removed = !current.keySet().containsAll(base.keySet());
        revision++;
    }

    /** Whether the attribute was set or removed here since it was stored. */
    private boolean wasSet(String name, @Nullable StoredValue before) {
        SessionAttribute sessionAttribute = current.get(name);
        return sessionAttribute == null ? before != null : !sessionAttribute.isStoredAs(before);
    }

    /**
     * Moves the values that the application holds references to into a copy; this object keeps what they encode to now and
     * decodes them again when they are read. Values that stay on this node are shared by both.
     */
    SessionAttributes fork() {
        AttributeDraft now = draft(true);
        SessionAttributes fork = new SessionAttributes(codec, size, notStorable, events);
        synchronized (this) {
            fork.base = base;
            fork.removed = removed;
            fork.current.putAll(current);
            current.replaceAll((name, sessionAttribute) -> {
                byte[] changed = now.encodings().get(sessionAttribute);
                return sessionAttribute.copy(changed == null ? sessionAttribute.bytes() : changed);
            });
        }
        return fork;
    }
}
