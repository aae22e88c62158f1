package io.gatehouse.internal.serialization;

import java.io.Externalizable;
import java.io.Serializable;
import java.lang.reflect.Constructor;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import org.jspecify.annotations.Nullable;

/**
 * Checks the constructors that deserialization calls. Java serialization writes objects without them and fails only when
 * reading.
 *
 * @see java.io.ObjectStreamClass
 */
final class Constructors {
    private Constructors() {}

    /** Returns which constructor a class lacks for deserialization, or null if it lacks none. */
    static @Nullable String missing(Class<?> type) {
        if (!Serializable.class.isAssignableFrom(type)
                || type.isArray()
                || type.isRecord()
                || Enum.class.isAssignableFrom(type)
                || Proxy.isProxyClass(type)) {
            return null;
        }
        if (Externalizable.class.isAssignableFrom(type)) {
            Constructor<?> constructor = withoutParameters(type);
            return constructor != null && Modifier.isPublic(constructor.getModifiers())
                    ? null
                    : type.getName() + " is Externalizable and has no public constructor without parameters";
        }
        Class<?> first = type;
        while (Serializable.class.isAssignableFrom(first)) {
            first = first.getSuperclass();
        }
        Constructor<?> constructor = withoutParameters(first);
        return constructor != null && isAccessible(constructor, type)
                ? null
                : first.getName() + ", which is not serializable and a superclass of " + type.getName()
                        + ", has no constructor without parameters that the subclass may call";
    }

    private static @Nullable Constructor<?> withoutParameters(Class<?> type) {
        try {
            return type.getDeclaredConstructor();
        } catch (NoSuchMethodException | SecurityException e) {
            return null;
        }
    }

    private static boolean isAccessible(Constructor<?> constructor, Class<?> from) {
        int modifiers = constructor.getModifiers();
        if ((modifiers & (Modifier.PUBLIC | Modifier.PROTECTED)) != 0) {
            return true;
        }
        Class<?> owner = constructor.getDeclaringClass();
        return !Modifier.isPrivate(modifiers)
                && owner.getClassLoader() == from.getClassLoader()
                && owner.getPackageName().equals(from.getPackageName());
    }
}
