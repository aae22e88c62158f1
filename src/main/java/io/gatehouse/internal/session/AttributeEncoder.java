package io.gatehouse.internal.session;

import io.gatehouse.internal.serialization.ValueCodec;
import io.gatehouse.internal.session.store.RecordSize;
import io.gatehouse.internal.session.store.StoredValue;
import io.gatehouse.internal.session.token.SessionEvent;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Encodes the attributes of a session for a save, and finds those that differ from the stored record. Thread-safe.
 *
 * <p>An attribute has changed if its bytes differ from the stored bytes. The bytes of a value that may change in place come from
 * {@link SessionAttribute#changedInPlace}. An unchanged attribute keeps its stored value with its tag, so it is not written again. A
 * change that would make the record too large is dropped, and the attribute keeps its stored value.
 */
final class AttributeEncoder {
    private static final System.Logger LOG = System.getLogger(AttributeEncoder.class.getName());

    private final ValueCodec codec;
    private final RecordSize size;
    private final Consumer<SessionEvent> events;

    AttributeEncoder(ValueCodec codec, RecordSize size, Consumer<SessionEvent> events) {
        this.codec = codec;
        this.size = size;
        this.events = events;
    }

    /**
     * Encodes attributes. Runs code of the application, so the caller must hold no lock.
     *
     * @param stored the values in Redis
     * @param moment the present moment
     * @param shared whether other requests may change values at the same time
     */
    AttributeDraft encode(
            Map<String, SessionAttribute> attributes,
            Map<String, StoredValue> stored,
            ChangeCounts.Moment moment,
            boolean shared) {
        Map<String, StoredValue> values = new LinkedHashMap<>();
        Map<SessionAttribute, byte[]> encodings = new HashMap<>();
        Set<String> changedNames = new HashSet<>();
        Set<Integer> slots = null;
        for (Map.Entry<String, SessionAttribute> attribute : attributes.entrySet()) {
            String name = attribute.getKey();
            SessionAttribute sessionAttribute = attribute.getValue();
            byte[] bytes = sessionAttribute.bytes();
            if (bytes == null) {
                continue;
            }
            byte[] changed = sessionAttribute.changedInPlace(codec, shared, events);
            if (changed != null) {
                encodings.put(sessionAttribute, changed);
                bytes = changed;
            }
            StoredValue before = stored.get(name);
            if (before != null && before.hasBytes(bytes)) {
                values.put(name, before);
            } else {
                slots = slots == null ? slots(stored) : slots;
                values.put(name, StoredValue.place(bytes, before, slots));
                changedNames.add(name);
            }
        }
        for (String name : stored.keySet()) {
            if (!values.containsKey(name)) {
                changedNames.add(name); // it was removed
            }
        }
        dropBeyondSize(values, stored, changedNames);
        return new AttributeDraft(values, changedNames, encodings, moment);
    }

    private void dropBeyondSize(
            Map<String, StoredValue> values, Map<String, StoredValue> stored, Set<String> changedNames) {
        for (String name : size.beyond(values, stored)) {
            values.compute(name, (same, value) -> stored.get(same));
            changedNames.remove(name);
            reportTooLarge(name);
        }
    }

    private static Set<Integer> slots(Map<String, StoredValue> stored) {
        Set<Integer> slots = new HashSet<>();
        stored.values().forEach(value -> slots.add(value.slot()));
        return slots;
    }

    private void reportTooLarge(String name) {
        events.accept(SessionEvent.ATTRIBUTE_TOO_LARGE);
        LOG.log(
                System.Logger.Level.WARNING,
                "session attribute {0} has grown beyond a limit: {1}; its previous value is kept",
                name,
                "the session would take more than " + size.most() + " bytes");
    }
}
