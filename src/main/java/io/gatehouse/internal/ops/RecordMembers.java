package io.gatehouse.internal.ops;

import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads the members of a record for JSON and text: one for each component, in order. A component that is null or an empty
 * {@link Optional} is left out. A {@link Duration} becomes a number whose name ends in {@code Seconds}, an {@link Instant} a text in
 * ISO 8601, an enum constant a text in lower case with hyphens. {@link JsonMember} changes the name.
 */
public final class RecordMembers {
    private RecordMembers() {}

    /**
     * One member.
     *
     * @param value a text, a number, a boolean, a collection, a map or a record
     */
    public record Member(String name, Object value) {}

    /** Returns the members of a record or map, in order. */
    public static List<Member> of(Object recordOrMap) {
        List<Member> members = new ArrayList<>();
        if (recordOrMap instanceof Map<?, ?> map) {
            map.forEach((name, value) -> add(members, name.toString(), value));
        } else {
            for (RecordComponent component : recordOrMap.getClass().getRecordComponents()) {
                Object value = valueOf(component, recordOrMap);
                JsonMember annotation = component.getAnnotation(JsonMember.class);
                if (annotation != null && annotation.unwrapped()) {
                    members.addAll(value == null ? List.of() : of(value));
                } else {
                    boolean named = annotation != null && !annotation.value().isEmpty();
                    add(members, named ? annotation.value() : component.getName(), value);
                }
            }
        }
        return members;
    }

    private static void add(List<Member> members, String name, @Nullable Object value) {
        if (value instanceof Optional<?> optional) {
            add(members, name, optional.orElse(null));
        } else if (value instanceof Duration duration) {
            members.add(new Member(name + "Seconds", plain(duration)));
        } else if (value != null) {
            members.add(new Member(name, plain(value)));
        }
    }

    /** Returns the representation of a value. */
    public static Object plain(Object value) {
        if (value instanceof Duration duration) {
            return duration.toMillis() / 1000.0;
        }
        if (value instanceof Enum<?> constant) {
            return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
        return value instanceof Instant ? value.toString() : value;
    }

    private static @Nullable Object valueOf(RecordComponent component, Object owner) {
        Method accessor = component.getAccessor();
        try {
            accessor.setAccessible(true); // records of other packages need not be public
            return accessor.invoke(owner);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(
                    "the component " + component.getName() + " of "
                            + owner.getClass().getName() + " cannot be read; expected an accessor that does not throw",
                    e);
        }
    }
}
