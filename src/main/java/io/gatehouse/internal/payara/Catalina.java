package io.gatehouse.internal.payara;

import java.lang.reflect.Field;
import java.security.Principal;
import org.jspecify.annotations.Nullable;

/** The interfaces and methods of Payara's servlet container that Gatehouse uses, found once for each application. Thread-safe. */
final class Catalina {
    final Class<?> manager;
    final Class<?> session;
    final Class<?> valve;
    final Class<?> authenticator;
    final Class<?> lifecycle;
    final Class<?> lifecycleListener;
    final Class<?> savedRequest;
    final Class<?> byteChunk;

    final ServerMethod requestBehind;
    final ServerMethod raw;
    final ServerMethod response;
    final ServerMethod rawOfResponse;
    final ServerMethod context;
    final ServerMethod setSession;
    final ServerMethod setRequestedSessionId;
    final ServerMethod setRequestedSessionCookie;
    final ServerMethod setRequestedSessionUrl;
    final ServerMethod setUnsuccessfulSessionFind;
    final ServerMethod setUserPrincipal;
    final ServerMethod note;
    final ServerMethod setNote;
    final ServerMethod realm;
    final ServerMethod realmName;
    final ServerMethod path;
    final ServerMethod loginConfig;
    final ServerMethod authMethod;
    private final Class<?> facade;
    private final Field valves;
    private final Field managerOfContainer;

    private Catalina(Class<?> module) throws ReflectiveOperationException {
        ClassLoader loader =
                named("org.apache.catalina.core.StandardContext", module).getClassLoader();
        String catalina = "org.apache.catalina.";
        manager = Class.forName(catalina + "Manager", false, loader);
        session = Class.forName(catalina + "Session", false, loader);
        valve = Class.forName("org.glassfish.web.valve.GlassFishValve", false, loader);
        authenticator = Class.forName(catalina + "Authenticator", false, loader);
        lifecycle = Class.forName(catalina + "Lifecycle", false, loader);
        lifecycleListener = Class.forName(catalina + "LifecycleListener", false, loader);
        savedRequest = Class.forName(catalina + "authenticator.SavedRequest", false, loader);
        facade = Class.forName(catalina + "connector.RequestFacade", false, loader);
        byteChunk = savedRequest.getMethod("getBody").getReturnType();
        Class<?> request = Class.forName(catalina + "connector.Request", false, loader);
        Class<?> realmType = Class.forName(catalina + "Realm", false, loader);
        Class<?> contextType = Class.forName(catalina + "Context", false, loader);
        requestBehind = ServerMethod.of(facade, "getUnwrappedCoyoteRequest");
        raw = ServerMethod.of(request, "getRequest");
        response = ServerMethod.of(request, "getResponse");
        rawOfResponse = ServerMethod.of(Class.forName(catalina + "Response", false, loader), "getResponse");
        context = ServerMethod.of(request, "getContext");
        setSession = ServerMethod.of(request, "setSession", session);
        setRequestedSessionId = ServerMethod.of(request, "setRequestedSessionId", String.class);
        setRequestedSessionCookie = ServerMethod.of(request, "setRequestedSessionCookie", boolean.class);
        setRequestedSessionUrl = ServerMethod.of(request, "setRequestedSessionURL", boolean.class);
        setUnsuccessfulSessionFind = ServerMethod.of(request, "setUnsuccessfulSessionFind", boolean.class);
        setUserPrincipal = ServerMethod.of(request, "setUserPrincipal", Principal.class);
        note = ServerMethod.of(request, "getNote", String.class);
        setNote = ServerMethod.of(request, "setNote", String.class, Object.class);
        realm = ServerMethod.of(contextType, "getRealm");
        realmName = ServerMethod.of(realmType, "getRealmName");
        path = ServerMethod.of(contextType, "getPath");
        loginConfig = ServerMethod.of(contextType, "getLoginConfig");
        authMethod = ServerMethod.of(loginConfig.method().getReturnType(), "getAuthMethod");
        valves =
                Class.forName(catalina + "core.StandardPipeline", false, loader).getDeclaredField("valves");
        valves.setAccessible(true);
        managerOfContainer =
                Class.forName(catalina + "core.ContainerBase", false, loader).getDeclaredField("manager");
        managerOfContainer.setAccessible(true);
    }

    /** @throws ReflectiveOperationException if this version of Payara has other classes or methods */
    static Catalina of(Object module) throws ReflectiveOperationException {
        return new Catalina(module.getClass());
    }

    private static Class<?> named(String name, Class<?> subclass) throws ClassNotFoundException {
        for (Class<?> type = subclass; type != null; type = type.getSuperclass()) {
            if (type.getName().equals(name)) {
                return type;
            }
        }
        throw new ClassNotFoundException(name);
    }

    /** Returns the request behind the one that listeners get, or null if that is of another type. */
    @Nullable
    Object behind(Object request) {
        return facade.isInstance(request) ? requestBehind.call(request) : null;
    }

    /** Returns the valves of a pipeline in their order. */
    Object[] valves(Object pipeline) throws ReflectiveOperationException {
        return (Object[]) valves.get(pipeline);
    }

    /** Replaces the valves of a pipeline, of which Payara itself can only add the last. */
    void setValves(Object pipeline, Object[] ordered) throws ReflectiveOperationException {
        valves.set(pipeline, ordered);
    }

    /** Replaces the manager of a module that is starting. Payara itself would also stop the one before, which it has not started yet. */
    void setManager(Object module, Object replacement) throws ReflectiveOperationException {
        managerOfContainer.set(module, replacement);
    }
}
