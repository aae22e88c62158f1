package io.gatehouse.internal.tomcat;

import java.lang.reflect.Field;
import org.jspecify.annotations.Nullable;

/** A field of a class of Tomcat for which Tomcat has no suitable method. */
record ServerField(Field field) {

    /** Returns the field, or null if this Tomcat has none. */
    static @Nullable ServerField of(Class<?> owner, String name) {
        try {
            Field field = owner.getDeclaredField(name);
            field.setAccessible(true);
            return new ServerField(field);
        } catch (ReflectiveOperationException | RuntimeException e) {
            return null;
        }
    }

    @Nullable
    Object get(Object target) {
        try {
            return field.get(target);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }

    void set(Object target, Object value) {
        try {
            field.set(target, value);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }
}
