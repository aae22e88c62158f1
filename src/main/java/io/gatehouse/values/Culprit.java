package io.gatehouse.values;

import java.io.Serializable;
import java.lang.reflect.Field;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.Modifier;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finds what in a value keeps it from being serialized, as the way to it: {@code com.acme.Cart.lines[2] (com.acme.Line).price}. */
final class Culprit {
    private static final int DEEPEST = 64;

    private Culprit() {}

    /** The way to the first part that is not serializable; the value's class if that part cannot be reached. */
    static String path(Object value) {
        Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        String found = find(value, value.getClass().getName(), seen, 0);
        return (found != null ? found : value.getClass().getName()) + " is not serializable";
    }

    private static @Nullable String find(@Nullable Object part, String way, Set<Object> seen, int depth) {
        if (part == null || depth > DEEPEST || !seen.add(part)) {
            return null;
        }
        if (!(part instanceof Serializable)) {
            return way;
        }
        if (part instanceof Map<?, ?> map) {
            return findIn(map, way, seen, depth);
        }
        if (part instanceof Collection<?> items) {
            return findIn(items.toArray(), way, seen, depth);
        }
        if (part instanceof Object[] items) {
            return findIn(items, way, seen, depth);
        }
        for (Class<?> type = part.getClass(); type != null && type != Object.class; type = type.getSuperclass()) {
            for (Field field : type.getDeclaredFields()) {
                String found = findIn(part, field, way, seen, depth);
                if (found != null) {
                    return found;
                }
            }
        }
        return null;
    }

    private static @Nullable String findIn(Map<?, ?> map, String way, Set<Object> seen, int depth) {
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            String found = find(entry.getKey(), way + " key" + named(entry.getKey()), seen, depth + 1);
            if (found == null) {
                found = find(entry.getValue(), way + " value" + named(entry.getValue()), seen, depth + 1);
            }
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    private static @Nullable String findIn(@Nullable Object[] items, String way, Set<Object> seen, int depth) {
        for (int i = 0; i < items.length; i++) {
            String found = find(items[i], way + "[" + i + "]" + named(items[i]), seen, depth + 1);
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    private static @Nullable String findIn(Object part, Field field, String way, Set<Object> seen, int depth) {
        int modifiers = field.getModifiers();
        if (Modifier.isStatic(modifiers)
                || Modifier.isTransient(modifiers)
                || field.getType().isPrimitive()) {
            return null;
        }
        try {
            field.setAccessible(true);
            Object value = field.get(part);
            return find(value, way + "." + field.getName() + named(value), seen, depth + 1);
        } catch (IllegalAccessException | InaccessibleObjectException | SecurityException e) {
            return null; // inside the JDK, where the collections above are what matters
        }
    }

    private static String named(@Nullable Object part) {
        return part == null ? "" : " (" + part.getClass().getName() + ")";
    }
}
