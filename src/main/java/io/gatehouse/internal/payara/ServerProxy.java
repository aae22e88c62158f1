package io.gatehouse.internal.payara;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import org.jspecify.annotations.Nullable;

/** An implementation of interfaces of Payara. Two proxies are equal only if they are the same. */
abstract class ServerProxy implements InvocationHandler {
    private final Object proxy;

    ServerProxy(Class<?>... interfaces) {
        this.proxy = Proxy.newProxyInstance(interfaces[0].getClassLoader(), interfaces, this);
    }

    /** Returns the object to be given to Payara. */
    Object proxy() {
        return proxy;
    }

    /** Returns the implementation behind an object of Payara, or null if it is of another type. */
    static <T extends ServerProxy> @Nullable T behind(@Nullable Object object, Class<T> type) {
        return object != null
                        && Proxy.isProxyClass(object.getClass())
                        && type.isInstance(Proxy.getInvocationHandler(object))
                ? type.cast(Proxy.getInvocationHandler(object))
                : null;
    }

    @Override
    public final @Nullable Object invoke(Object self, Method method, @Nullable Object @Nullable [] arguments)
            throws Throwable {
        @Nullable Object[] given = arguments == null ? new Object[0] : arguments;
        if (method.getDeclaringClass() == Object.class) {
            return switch (method.getName()) {
                case "equals" -> given[0] == self;
                case "hashCode" -> System.identityHashCode(self);
                default -> getClass().getName();
            };
        }
        return call(method, given);
    }

    /** Implements the methods of the interfaces. */
    abstract @Nullable Object call(Method method, @Nullable Object[] arguments) throws Throwable;
}
