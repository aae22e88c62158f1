package io.gatehouse.internal.payara;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;

/** A public method of Payara, found once. Thread-safe. */
record ServerMethod(Method method) {

    /** @throws NoSuchMethodException if this version of Payara has no such method */
    static ServerMethod of(Class<?> owner, String name, Class<?>... parameters) throws NoSuchMethodException {
        return new ServerMethod(owner.getMethod(name, parameters));
    }

    /** Calls the method, and throws what it throws. */
    @Nullable
    Object call(Object target, @Nullable Object... arguments) {
        return call(method, target, arguments);
    }

    static @Nullable Object call(Method method, Object target, @Nullable Object @Nullable ... arguments) {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            Throwable cause = e.getCause();
            ServerMethod.<RuntimeException>throwUndeclared(cause == null ? e : cause);
            throw new IllegalStateException(cause); // not reached
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Throws an exception that the signature of the caller does not declare. */
    @SuppressWarnings("unchecked")
    private static <E extends Throwable> void throwUndeclared(Throwable thrown) throws E {
        throw (E) thrown;
    }
}
