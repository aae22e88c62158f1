package io.gatehouse.internal.web;

import jakarta.servlet.http.HttpSession;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandleProxies;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A proxy for {@link GatehouseSession} on servers with Servlet 6.1, where {@code HttpSession} has the method {@code getAccessor()}.
 * Gatehouse is compiled against Servlet 6.0, which lacks the return type of that method. The proxy implements it, and delegates all
 * other methods.
 */
final class Servlet61SessionProxy implements InvocationHandler {
    /** The type of {@code HttpSession.getAccessor()}, or null before Servlet 6.1. */
    private static final @Nullable Class<?> ACCESSOR = accessorType();

    private static final MethodHandle ACCEPT = accept();

    private final GatehouseSession session;

    private Servlet61SessionProxy(GatehouseSession session) {
        this.session = session;
    }

    /** Returns a proxy, or the session itself before Servlet 6.1. */
    static HttpSession of(GatehouseSession session) {
        return ACCESSOR == null
                ? session
                : (HttpSession) Proxy.newProxyInstance(
                        Servlet61SessionProxy.class.getClassLoader(),
                        new Class<?>[] {HttpSession.class},
                        new Servlet61SessionProxy(session));
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments) throws Throwable {
        if (method.getReturnType() == ACCESSOR) {
            return MethodHandleProxies.asInterfaceInstance(ACCESSOR, ACCEPT.bindTo(session.accessor()));
        }
        if (method.getName().equals("equals") && arguments != null) {
            return proxy == arguments[0];
        }
        try {
            return method.invoke(session, arguments);
        } catch (InvocationTargetException e) {
            throw e.getTargetException();
        }
    }

    private static @Nullable Class<?> accessorType() {
        try {
            return HttpSession.class.getMethod("getAccessor").getReturnType();
        } catch (NoSuchMethodException e) {
            return null;
        }
    }

    private static MethodHandle accept() {
        try {
            return MethodHandles.lookup()
                    .findVirtual(Consumer.class, "accept", MethodType.methodType(void.class, Object.class));
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }
}
