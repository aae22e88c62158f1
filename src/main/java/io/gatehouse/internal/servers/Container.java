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
 * The application server, as seen by one application: its session listeners, CDI and class loaders. They are looked up once, when they
 * are first needed after the application has started; until then the application may still add listeners. Thread-safe.
 */
public final class Container {
    private static final System.Logger LOG = System.getLogger(Container.class.getName());
    private static final List<ServerAdapter> SERVERS = List.of(
            new WildFlyAdapter(),
            new OpenLibertyAdapter(),
            new PayaraAdapter(),
            new TomcatAdapter(),
            new JettyAdapter());

    private final ServletContext context;
    private final Set<Class<?>> listenerClasses;
    private final List<ServerAdapter> serverAdapters;
    private final ClassLoader application;
    private volatile boolean started;
    private volatile boolean usesOurSessions;
    private volatile @Nullable Findings findings;

    /** @param listenerClasses the classes of the application that may be listeners, as found by the server */
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

    /** A binding of the CDI scopes to a wrapped request; {@link #close} undoes it. */
    public interface Binding extends AutoCloseable {
        /** The binding for applications without CDI. */
        Binding NONE = () -> {};

        @Override
        void close();
    }

    /** @param mechanism whether there is an authentication mechanism of Jakarta Security */
    private record Findings(
            @Nullable CdiBridge cdi, boolean mechanism, SessionListeners listeners, ClassLoader loader) {}

    /** Returns whether this server does not call the container initializers of a library that several applications share. */
    public static boolean ignoresSharedInitializers() {
        return OpenLibertyAdapter.hasLoaded(Container.class);
    }

    /** Called when the application has started and all its listeners are registered. */
    public void started() {
        started = true;
    }

    /** Returns whether the application has started. */
    public boolean isStarted() {
        return started;
    }

    /** Called when the container has begun to use the sessions of Gatehouse as its own. */
    public void useOurSessions() {
        usesOurSessions = true;
    }

    /** Returns whether the container uses the sessions of Gatehouse as its own. */
    public boolean usesOurSessions() {
        return usesOurSessions;
    }

    /** Returns the listeners that the application has registered, and those of CDI. */
    public SessionListeners listeners() {
        return findings().listeners();
    }

    /** Returns whether the application has an authentication mechanism of Jakarta Security, which the container calls. */
    public boolean hasAuthenticationMechanism() {
        return findings().mechanism();
    }

    /** Binds the CDI scopes to the wrapped request, if the application uses CDI. */
    public Binding bind(HttpServletRequest raw, HttpServletRequest wrapped) {
        CdiBridge cdi = findings().cdi();
        return cdi == null ? Binding.NONE : cdi.bind(raw, wrapped);
    }

    /** Binds the CDI scopes as {@link #bind}, unless a container that uses the sessions of Gatehouse has done so itself. */
    public Binding bindIfUnbound(HttpServletRequest raw, HttpServletRequest wrapped) {
        CdiBridge cdi = findings().cdi();
        return cdi == null ? Binding.NONE : cdi.bindIfUnbound(raw, wrapped);
    }

    /** Notes which request the thread serves, for a container that binds the CDI scopes to sessions of Gatehouse by itself. */
    public Binding follow(HttpServletRequest raw) {
        CdiBridge cdi = findings().cdi();
        return cdi == null ? Binding.NONE : CdiBridge.follow(raw);
    }

    /** Fires a CDI event, if the application uses CDI. Exceptions of observers are passed on. */
    public void fire(Object event) {
        CdiBridge cdi = findings().cdi();
        if (cdi != null) {
            cdi.fire(event);
        }
    }

    /** Returns the class loader that the application's code runs with. */
    public ClassLoader applicationLoader() {
        return application;
    }

    /** Returns the cookie path that the application configures, or null. The default that a server reports does not count. */
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

    /** Returns a loader that finds the class of every object that may be in a session. */
    public ClassLoader loader() {
        return findings().loader();
    }

    /** Returns whether an attribute may be listed only if it can be read: CDI fails otherwise. */
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
        boolean mechanism = cdi != null && cdi.hasAuthenticationMechanism(application);
        return new Findings(cdi, mechanism, SessionListeners.among(listeners), loader);
    }

    private List<EventListener> listeners(@Nullable ServerAdapter serverAdapter) {
        if (serverAdapter != null) {
            try {
                return serverAdapter.listeners(context);
            } catch (ReflectiveOperationException | RuntimeException e) {
                LOG.log(
                        System.Logger.Level.WARNING,
                        "{0} could not read the listeners of this server ({1}); Gatehouse creates its own instances of the classes {2}",
                        serverAdapter.getClass().getSimpleName(),
                        e.toString(),
                        listenerClasses);
                return instances(listenerClasses);
            }
        }
        LOG.log(
                System.Logger.Level.INFO,
                "unknown server {0} with {1}; Gatehouse creates its own instances of the session listener classes {2}",
                context.getServerInfo(),
                context.getClass().getName(),
                listenerClasses);
        return instances(listenerClasses);
    }

    private static List<EventListener> instances(Collection<Class<?>> classes) {
        List<EventListener> instances = new ArrayList<>();
        for (Class<?> type : classes) {
            try {
                var constructor = type.getDeclaredConstructor();
                constructor.setAccessible(true);
                if (constructor.newInstance() instanceof EventListener listener) {
                    instances.add(listener);
                }
            } catch (ReflectiveOperationException | RuntimeException | LinkageError e) {
                LOG.log(
                        System.Logger.Level.DEBUG,
                        "could not create an instance of the listener {0}: {1}",
                        type,
                        e.toString());
            }
        }
        return instances;
    }

    /** Returns objects of the server whose class loaders find classes that the application's loader does not. */
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
            LOG.log(System.Logger.Level.DEBUG, "the application has no Jakarta Faces: {0}", e.toString());
        }
        return anchors;
    }
}
