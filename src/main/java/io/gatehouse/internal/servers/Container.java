package io.gatehouse.internal.servers;

import jakarta.servlet.ServletContext;
import jakarta.servlet.http.HttpServletRequest;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EventListener;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The server around one application. What is asked of it is found once, when it is first needed after the application has
 * started: until then listeners may still be added. Safe for use by several threads.
 */
public final class Container {
    private static final System.Logger LOG = System.getLogger(Container.class.getName());
    private static final List<ServerAdapter> SERVERS =
            List.of(new WildFlyAdapter(), new OpenLibertyAdapter(), new PayaraAdapter(), new TomcatAdapter());

    private final ServletContext context;
    private final Set<Class<?>> listenerClasses;
    private final List<ServerAdapter> serverAdapters;
    private final ClassLoader application;
    private volatile boolean started;
    private volatile @Nullable Findings findings;

    /** @param listenerClasses what the server has found in the application that might be a listener */
    public Container(ServletContext context, Set<Class<?>> listenerClasses) {
        this(context, listenerClasses, SERVERS);
    }

    Container(ServletContext context, Set<Class<?>> listenerClasses, List<ServerAdapter> serverAdapters) {
        this.context = context;
        this.serverAdapters = List.copyOf(serverAdapters);
        this.listenerClasses = Set.copyOf(listenerClasses);
        ClassLoader loader = Thread.currentThread().getContextClassLoader();
        this.application = loader != null ? loader : Container.class.getClassLoader();
    }

    /** Until when CDI's scopes are those of our request. */
    public interface Binding extends AutoCloseable {
        /** CDI's scopes were not touched. */
        Binding NONE = () -> {};

        @Override
        void close();
    }

    private record Findings(@Nullable CdiBridge cdi, SessionListeners listeners, ClassLoader loader) {}

    /** The application has started, all its listeners are there. */
    public void started() {
        started = true;
    }

    public boolean isStarted() {
        return started;
    }

    /** The listeners that the application has registered, and those of CDI. */
    public SessionListeners listeners() {
        return findings().listeners();
    }

    /** Makes CDI's scopes those of our request, if there is CDI. */
    public Binding bind(HttpServletRequest raw, HttpServletRequest ours) {
        CdiBridge cdi = findings().cdi();
        return cdi == null ? Binding.NONE : cdi.bind(raw, ours);
    }

    /** Tells the observers of CDI events, if there is CDI; what they throw comes back. */
    public void fire(Object event) {
        CdiBridge cdi = findings().cdi();
        if (cdi != null) {
            cdi.fire(event);
        }
    }

    /** The loader that the application's code runs with. */
    public ClassLoader applicationLoader() {
        return application;
    }

    /** The cookie path that the application names, or null if none: what a server reports by default is none. */
    public @Nullable String namedCookiePath(ServletContext of) {
        String path = of.getSessionCookieConfig().getPath();
        String byDefault = serverAdapters.stream()
                .filter(candidate -> candidate.runs(of))
                .findFirst()
                .map(ServerAdapter::defaultCookiePath)
                .orElse(null);
        return path != null && path.equals(byDefault) && !DeploymentDescriptors.nameCookiePath(of, application)
                ? null
                : path;
    }

    /** A loader that finds the class of every object that may be in a session. */
    public ClassLoader loader() {
        return findings().loader();
    }

    /** Whether somebody counts on being able to read the attribute because he is told its name. */
    public boolean mustBeReadable(String attribute) {
        return CdiBridge.isBean(attribute);
    }

    private Findings findings() {
        Findings known = findings;
        if (known == null) {
            if (!started) {
                return find();
            }
            synchronized (this) {
                known = findings;
                if (known == null) {
                    known = find();
                    findings = known;
                }
            }
        }
        return known;
    }

    private Findings find() {
        CdiBridge cdi = CdiBridge.of(context);
        ServerAdapter serverAdapter = serverAdapters.stream()
                .filter(candidate -> candidate.runs(context))
                .findFirst()
                .orElse(null);
        List<EventListener> listeners = new ArrayList<>(listeners(serverAdapter));
        if (cdi != null) {
            listeners.replaceAll(listener -> cdi.isWelds(listener) ? cdi.sessions() : listener);
            if (!listeners.contains(cdi.sessions())) {
                listeners.add(0, cdi.sessions());
            }
        }
        ClassLoader loader = serverAdapter != null && serverAdapter.hidesItsClasses()
                ? CompositeClassLoader.of(application, anchors(cdi))
                : application;
        return new Findings(cdi, SessionListeners.among(listeners), loader);
    }

    private List<EventListener> listeners(@Nullable ServerAdapter serverAdapter) {
        if (serverAdapter != null) {
            try {
                return serverAdapter.listeners(context);
            } catch (ReflectiveOperationException | RuntimeException e) {
                LOG.log(
                        System.Logger.Level.WARNING,
                        "this {0} does not let us see its listeners ({1}); we make our own of the classes {2}",
                        serverAdapter.getClass().getSimpleName(),
                        e.toString(),
                        listenerClasses);
                return instances(listenerClasses);
            }
        }
        LOG.log(
                System.Logger.Level.INFO,
                "an unknown server, {0} with {1}: the listeners of sessions are made by us of the classes {2}",
                context.getServerInfo(),
                context.getClass().getName(),
                listenerClasses);
        return instances(listenerClasses);
    }

    private static List<EventListener> instances(Collection<Class<?>> classes) {
        List<EventListener> made = new ArrayList<>();
        for (Class<?> type : classes) {
            try {
                var constructor = type.getDeclaredConstructor();
                constructor.setAccessible(true);
                if (constructor.newInstance() instanceof EventListener listener) {
                    made.add(listener);
                }
            } catch (ReflectiveOperationException | RuntimeException | LinkageError e) {
                LOG.log(System.Logger.Level.DEBUG, "{0} is no listener that can be made: {1}", type, e.toString());
            }
        }
        return made;
    }

    /** Objects of the server whose class loaders see what the application does not. */
    private List<Object> anchors(@Nullable CdiBridge cdi) {
        List<Object> anchors = new ArrayList<>();
        if (cdi != null) {
            anchors.addAll(cdi.anchors());
        }
        anchors.add(context);
        try {
            Class<?> finder = Class.forName("jakarta.faces.FactoryFinder", true, application);
            anchors.add(finder.getMethod("getFactory", String.class)
                    .invoke(null, "jakarta.faces.context.FacesContextFactory"));
        } catch (ReflectiveOperationException | RuntimeException | LinkageError e) {
            LOG.log(System.Logger.Level.DEBUG, "no Faces here: {0}", e.toString());
        }
        return anchors;
    }
}
