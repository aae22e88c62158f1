package io.gatehouse.internal.payara;

import io.gatehouse.internal.web.ContainerRequests;
import jakarta.servlet.ServletContext;
import java.lang.reflect.Array;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EventListener;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What Gatehouse has added to one web module of Payara: manager, valve and listeners. Removes all of it when the application has stopped. */
final class Installation extends ServerProxy {
    private static final String DEFAULT_MANAGER = "org.apache.catalina.session.StandardManager";
    private static final System.Logger LOG = System.getLogger(Installation.class.getName());

    private final Catalina catalina;
    private final Object module;
    private final Object pipeline;
    private final SharedManager manager;
    private final GuardValve valve;
    private final RequestBridge bridge;

    private Installation(Catalina catalina, Object module, ServletContext application, Object manager)
            throws ReflectiveOperationException {
        super(catalina.lifecycleListener);
        this.catalina = catalina;
        this.module = module;
        this.pipeline = present(get(module, "getPipeline"), "pipeline");
        this.manager = new SharedManager(catalina, module, application, manager);
        this.valve = new GuardValve(catalina, module);
        this.bridge = new RequestBridge(catalina, module, this.manager);
    }

    /** Installs Gatehouse in a module that is starting, or logs a warning that says why not. */
    static ContainerRequests.Installation into(Object module, ServletContext application) {
        try {
            Object before = get(module, "getManager");
            String obstacle = obstacle(module, before);
            if (before == null || obstacle != null) {
                return refuse(String.valueOf(obstacle));
            }
            new Installation(Catalina.of(module), module, application, before).add(application);
            return ContainerRequests.Installation.DONE;
        } catch (ReflectiveOperationException | RuntimeException e) {
            return refuse("this version is not supported (" + e + ")");
        }
    }

    private static ContainerRequests.Installation refuse(String obstacle) {
        LOG.log(
                System.Logger.Level.WARNING,
                "Payara cannot use the sessions of Gatehouse: {0}. The filter replaces those of the application",
                obstacle);
        return ContainerRequests.Installation.REFUSED;
    }

    private static @Nullable String obstacle(Object module, @Nullable Object manager)
            throws ReflectiveOperationException {
        if (manager == null || !manager.getClass().getName().equals(DEFAULT_MANAGER)) {
            return "another session manager is configured, "
                    + (manager == null ? "none" : manager.getClass().getName())
                    + "; remove the <session-manager> element of glassfish-web.xml, and do not enable availability";
        }
        Object host = get(module, "getParent");
        return host != null && get(host, "getSingleSignOn") != null
                ? "single sign-on of the virtual server keeps its users in the memory of one node; disable it"
                : null;
    }

    private static @Nullable Object get(Object target, String name) throws NoSuchMethodException {
        return ServerMethod.of(target.getClass(), name).call(target);
    }

    private static Object present(@Nullable Object found, String name) throws NoSuchFieldException {
        if (found == null) {
            throw new NoSuchFieldException(name);
        }
        return found;
    }

    private void add(ServletContext application) throws ReflectiveOperationException {
        ServerMethod addListener =
                ServerMethod.of(module.getClass(), "addLifecycleListener", catalina.lifecycleListener);
        List<EventListener> eventListeners = eventListeners();
        catalina.setValves(pipeline, withValve(catalina.valves(pipeline)));
        catalina.setManager(module, manager.proxy());
        Object unused = addListener.call(module, proxy());
        application.setSessionTrackingModes(Set.of()); // the cookie is written by Gatehouse
        eventListeners.add(0, bridge);
    }

    /** Returns the listeners of requests and sessions, to which Payara appends those of the application. */
    @SuppressWarnings("unchecked")
    private List<EventListener> eventListeners() throws ReflectiveOperationException {
        return (List<EventListener>) present(get(module, "getApplicationEventListeners"), "listeners");
    }

    /** Returns the valves with that of Gatehouse directly before the authenticator, or as the last if there is none yet. */
    private Object[] withValve(Object[] before) {
        int at = before.length;
        for (int i = before.length - 1; i >= 0; i--) {
            if (catalina.authenticator.isInstance(before[i])) {
                at = i;
            }
        }
        List<Object> ordered = new ArrayList<>(Arrays.asList(before));
        ordered.add(at, valve.proxy());
        return ordered.toArray((Object[]) Array.newInstance(catalina.valve, 0));
    }

    /** Called by Payara for each event in the life of the module. */
    @Override
    @Nullable
    Object call(Method method, @Nullable Object[] arguments) throws ReflectiveOperationException {
        Object event = arguments.length == 1 ? arguments[0] : null;
        if (event != null && "after_stop".equals(get(event, "getType"))) {
            remove();
        }
        return null;
    }

    private void remove() throws ReflectiveOperationException {
        Object unused = ServerMethod.of(module.getClass(), "removeLifecycleListener", catalina.lifecycleListener)
                .call(module, proxy());
        List<Object> valves = new ArrayList<>(Arrays.asList(catalina.valves(pipeline)));
        valves.removeIf(one -> one == valve.proxy());
        catalina.setValves(pipeline, valves.toArray((Object[]) Array.newInstance(catalina.valve, 0)));
        catalina.setManager(module, manager.before());
        boolean unusedResult = eventListeners().remove(bridge);
    }
}
