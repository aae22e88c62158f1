package io.gatehouse.internal.wiring;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Makes objects that look for the application at each call, for beans in a library that several applications share: such a bean is created
 * once and called by all of them.
 */
final class PerApplication {
    private PerApplication() {}

    /**
     * Returns an object whose methods act on a part of the Gatehouse of the application that calls them.
     *
     * @param type an interface of the API
     */
    static <T> T part(Class<T> type, Function<GatehouseRuntime, T> part) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (proxy, method, arguments) -> method.getDeclaringClass() == Object.class
                        ? ofObject(type, proxy, method, arguments)
                        : call(part.apply(RunningApplications.require()), method, arguments)));
    }

    private static @Nullable Object call(Object target, Method method, @Nullable Object @Nullable [] arguments)
            throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause() == null ? e : e.getCause();
        }
    }

    private static Object ofObject(
            Class<?> type, Object proxy, Method method, @Nullable Object @Nullable [] arguments) {
        return switch (method.getName()) {
            case "equals" -> arguments != null && arguments[0] == proxy;
            case "hashCode" -> System.identityHashCode(proxy);
            default -> type.getSimpleName() + " of the calling application";
        };
    }
}
