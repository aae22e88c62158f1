package io.gatehouse.internal.wiring;

import io.gatehouse.internal.session.SessionRepository;
import io.gatehouse.internal.web.RequestFilter;
import java.net.URL;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The applications of this JVM that use the same classes of Gatehouse: one if the JAR is in its {@code WEB-INF/lib}, several if it is in a
 * library that they share, such as {@code lib} of an EAR. Finds the application on whose behalf a thread runs. Thread-safe.
 */
final class RunningApplications {
    private static final Map<GatehouseRuntime, ClassLoader> RUNNING = new ConcurrentHashMap<>();
    /** Applications that have been started, also those in which Gatehouse is disabled. */
    private static final Set<ClassLoader> KNOWN =
            Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

    private static volatile boolean shared = true;

    private RunningApplications() {}

    /**
     * Called when the start of an application begins, by a thread of that application. The class path of an embedded server is no
     * application, because all applications there have it.
     */
    static void announce() {
        ClassLoader application = Thread.currentThread().getContextClassLoader();
        if (application != null && application != ClassLoader.getSystemClassLoader()) {
            KNOWN.add(application);
        }
        shared = areClassesShared();
    }

    /**
     * Returns whether the classes are not in the application whose code runs in this thread. Open Liberty gives threads another class
     * loader than classes, so their location is asked too. A class path, as that of an embedded server, does not count as shared: its
     * threads often have no class loader of an application.
     */
    static boolean areClassesShared() {
        ClassLoader own = RunningApplications.class.getClassLoader();
        URL location = RunningApplications.class.getResource("RunningApplications.class");
        return own != Thread.currentThread().getContextClassLoader()
                && own != ClassLoader.getSystemClassLoader()
                && (location == null || !location.getPath().contains("/WEB-INF/"));
    }

    /** Returns whether several applications may use these classes; true before the first one has started. */
    static boolean isShared() {
        return shared;
    }

    static void add(GatehouseRuntime gatehouse, ClassLoader application) {
        RUNNING.put(gatehouse, application);
    }

    static void remove(GatehouseRuntime gatehouse) {
        RUNNING.remove(gatehouse);
    }

    /** Returns whether a class loader is that of the application whose code runs in this thread. */
    static boolean isOfThisThread(@Nullable ClassLoader loader) {
        return loader == Thread.currentThread().getContextClassLoader() && isApplication(loader);
    }

    private static boolean isApplication(@Nullable ClassLoader loader) {
        return loader != null && KNOWN.contains(loader);
    }

    /**
     * Returns the Gatehouse of the application on whose behalf this thread runs, or null. That is the application whose class loader the
     * thread has; else, as in an EJB JAR of an EAR, the one whose request it serves; else, unless the classes are shared, the only one.
     */
    static @Nullable GatehouseRuntime current() {
        ClassLoader loader = Thread.currentThread().getContextClassLoader();
        List<GatehouseRuntime> candidates = isApplication(loader) ? withLoader(loader) : all();
        if (candidates.size() == 1 && (isApplication(loader) || !shared)) {
            return candidates.get(0);
        }
        SessionRepository sessions = RequestFilter.sessionsOfThisThread();
        return candidates.stream()
                .filter(candidate -> candidate.sessions() == sessions)
                .findFirst()
                .orElse(null);
    }

    private static List<GatehouseRuntime> all() {
        return List.copyOf(RUNNING.keySet());
    }

    private static List<GatehouseRuntime> withLoader(@Nullable ClassLoader application) {
        return all().stream()
                .filter(running -> RUNNING.get(running) == application)
                .toList();
    }

    /**
     * Returns the Gatehouse of the application on whose behalf this thread runs.
     *
     * @throws IllegalStateException if there is none; the message says why
     */
    static GatehouseRuntime require() {
        GatehouseRuntime found = current();
        if (found == null) {
            throw new IllegalStateException(problem());
        }
        return found;
    }

    /** Returns what {@link #require} returns, or else that of the first application by name. It must not be used for data of users. */
    static GatehouseRuntime any() {
        return current() == null
                ? all().stream()
                        .min(Comparator.comparing(RunningApplications::name))
                        .orElseGet(RunningApplications::require)
                : require();
    }

    private static String name(GatehouseRuntime gatehouse) {
        return gatehouse.components().settings().session().application();
    }

    private static String problem() {
        if (isApplication(Thread.currentThread().getContextClassLoader()) || (!shared && RUNNING.isEmpty())) {
            return "Gatehouse is disabled in this application; set GATEHOUSE_ENABLED to True to inject its beans";
        }
        if (RUNNING.isEmpty()) {
            return "Gatehouse runs in none of the applications that share this library; expected a call in a request, and a server that"
                    + " starts Gatehouse from a shared library. On Open Liberty put the JAR into WEB-INF/lib of each WAR";
        }
        return "this thread runs on behalf of no application of Gatehouse; expected a request, or a thread with the class loader, of one of "
                + all().stream().map(RunningApplications::name).sorted().collect(Collectors.joining(", "));
    }
}
