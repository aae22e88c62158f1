package io.gatehouse.internal.serialization;

import java.io.Serializable;
import java.lang.reflect.Field;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.Modifier;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Finds a part of a value and returns the path to it: {@code com.acme.Cart.lines[2] (com.acme.Line).price}. Visits parts in
 * the order in which serialization writes them. Keeps its state on the heap, because values may be too deep for a stack. Not
 * thread-safe.
 */
final class NonSerializablePath {
    private static final int MOST_PARTS = 3_000_000;
    private static final int SHOWN_FIRST = 4;
    private static final int SHOWN_LAST = 2;

    private final Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Deque<Step> open = new ArrayDeque<>();
    private final Predicate<Object> wanted;

    private NonSerializablePath(Predicate<Object> wanted) {
        this.wanted = wanted;
    }

    /** One part, with the step to the part that contains it. */
    private record Step(@Nullable Step from, String label, Object part) {}

    /** Returns the path to the first part that is not serializable, or the value's class if that part cannot be reached. */
    static String notSerializable(Object value) {
        String found = new NonSerializablePath(part -> !(part instanceof Serializable)).find(value);
        return found != null ? found : value.getClass().getName();
    }

    /** Returns the path to a part, or the two class names if it cannot be reached. */
    static String path(Object value, @Nullable Object part) {
        String name = value.getClass().getName();
        if (part == null || part == value) {
            return name;
        }
        String found = new NonSerializablePath(other -> other == part).find(value);
        return found != null ? found : name + " ... " + part.getClass().getName();
    }

    private @Nullable String find(Object value) {
        open.push(new Step(null, value.getClass().getName(), value));
        while (!open.isEmpty() && seen.size() < MOST_PARTS) {
            Step step = open.pop();
            if (wanted.test(step.part)) {
                return format(step);
            }
            if (step.part instanceof Serializable && seen.add(step.part)) {
                List<Step> inside = new ArrayList<>();
                partsOf(step, inside);
                Collections.reverse(inside);
                inside.forEach(open::push);
            }
        }
        return null;
    }

    private static void partsOf(Step step, List<Step> into) {
        if (step.part instanceof Map<?, ?> map) {
            map.forEach((key, value) -> {
                add(step, " key", key, into);
                add(step, " value", value, into);
            });
        } else if (step.part instanceof Collection<?> items) {
            addAll(step, items.toArray(), into);
        } else if (step.part instanceof Object[] items) {
            addAll(step, items, into);
        } else {
            fieldsOf(step, into);
        }
    }

    private static void addAll(Step step, @Nullable Object[] items, List<Step> into) {
        for (int i = 0; i < items.length; i++) {
            add(step, "[" + i + "]", items[i], into);
        }
    }

    private static void add(Step from, String label, @Nullable Object part, List<Step> into) {
        if (part != null) {
            into.add(new Step(from, label, part));
        }
    }

    private static void fieldsOf(Step step, List<Step> into) {
        for (Class<?> type = step.part.getClass(); type != null && type != Object.class; type = type.getSuperclass()) {
            for (Field field : type.getDeclaredFields()) {
                int modifiers = field.getModifiers();
                if (Modifier.isStatic(modifiers)
                        || Modifier.isTransient(modifiers)
                        || field.getType().isPrimitive()) {
                    continue;
                }
                add(step, "." + field.getName(), valueOf(field, step.part), into);
            }
        }
    }

    /** Returns the value of a field; null also for fields inside the JDK, whose collections are visited as such. */
    private static @Nullable Object valueOf(Field field, Object owner) {
        try {
            field.setAccessible(true);
            return field.get(owner);
        } catch (IllegalAccessException | InaccessibleObjectException | SecurityException e) {
            return null;
        }
    }

    private static String format(Step last) {
        Deque<Step> path = new ArrayDeque<>();
        for (Step step = last; step != null; step = step.from) {
            path.push(step);
        }
        StringBuilder text = new StringBuilder();
        int position = 0;
        int skipped = path.size() - SHOWN_FIRST - SHOWN_LAST;
        for (Step step : path) {
            boolean format = skipped <= 1 || position < SHOWN_FIRST || position >= SHOWN_FIRST + skipped;
            if (format) {
                text.append(step.label);
                text.append(step.from == null ? "" : " (" + step.part.getClass().getName() + ")");
            } else if (position == SHOWN_FIRST) {
                text.append(" ... ").append(skipped).append(" levels ... ");
            }
            position++;
        }
        return text.toString();
    }
}
