package io.gatehouse.internal.servers;

import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.EventListener;
import java.util.List;

/** Reflective access to the fields and methods of a server object, including inherited ones. */
record ReflectiveAccess(Object object) {

    /** Returns whether an object is an instance of a class, or of one of its subclasses. */
    static boolean is(String className, Object object) {
        for (Class<?> type = object.getClass(); type != null; type = type.getSuperclass()) {
            if (type.getName().equals(className)) {
                return true;
            }
        }
        return false;
    }

    ReflectiveAccess field(String name) throws ReflectiveOperationException {
        for (Class<?> type = object.getClass(); type != null; type = type.getSuperclass()) {
            for (Field field : type.getDeclaredFields()) {
                if (field.getName().equals(name)) {
                    field.setAccessible(true);
                    return of(field.get(object), name);
                }
            }
        }
        throw new NoSuchFieldException(object.getClass().getName() + "." + name);
    }

    ReflectiveAccess call(String name) throws ReflectiveOperationException {
        for (Class<?> type = object.getClass(); type != null; type = type.getSuperclass()) {
            for (Method method : type.getDeclaredMethods()) {
                if (method.getName().equals(name) && method.getParameterCount() == 0 && !method.isBridge()) {
                    method.setAccessible(true);
                    return of(method.invoke(object), name);
                }
            }
        }
        throw new NoSuchMethodException(object.getClass().getName() + "." + name);
    }

    boolean has(String method) {
        return Arrays.stream(object.getClass().getMethods())
                .anyMatch(candidate -> candidate.getName().equals(method) && candidate.getParameterCount() == 0);
    }

    private ReflectiveAccess of(Object found, String name) throws ReflectiveOperationException {
        if (found == null) {
            throw new ReflectiveOperationException(object.getClass().getName() + "." + name + " is null");
        }
        return new ReflectiveAccess(found);
    }

    /** Returns the elements of the object, which must be a collection or an array. */
    Collection<?> elements() throws ReflectiveOperationException {
        if (object instanceof Collection<?> collection) {
            return new ArrayList<>(collection);
        }
        if (object instanceof Object[] array) {
            return Arrays.asList(array);
        }
        throw new ReflectiveOperationException(object.getClass().getName() + " is not a collection or an array");
    }

    /** Returns the elements that are listeners. */
    List<EventListener> listeners() throws ReflectiveOperationException {
        List<EventListener> listeners = new ArrayList<>();
        for (Object element : elements()) {
            if (element instanceof EventListener listener) {
                listeners.add(listener);
            }
        }
        return listeners;
    }
}
