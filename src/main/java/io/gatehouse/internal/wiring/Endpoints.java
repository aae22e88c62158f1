package io.gatehouse.internal.wiring;

import io.gatehouse.internal.admin.AdminAccessControl;
import io.gatehouse.internal.admin.AdminServlet;
import io.gatehouse.internal.admin.AdminSettings;
import io.gatehouse.internal.admin.JsonBodies;
import io.gatehouse.internal.health.HealthReport;
import io.gatehouse.internal.health.HealthServlet;
import io.gatehouse.internal.health.HealthSettings;
import io.gatehouse.internal.web.RequestFilter;
import jakarta.servlet.Servlet;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletRegistration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** What is served over HTTP beside the application, under a prefix that is configured. */
final class Endpoints {
    private static final System.Logger LOG = System.getLogger(Endpoints.class.getName());

    private final ServletContext context;
    private final HealthSettings settings;
    private final Set<String> unguarded = new HashSet<>();

    Endpoints(ServletContext context, HealthSettings settings) {
        this.context = context;
        this.settings = settings;
    }

    /**
     * Registers all of them, if they are wanted.
     *
     * @return the paths that the filter is to leave alone, so that looking at a node costs Redis nothing and is never limited
     */
    Set<String> register(HealthReport health, Optional<Servlet> metrics, Components components) {
        if (!settings.endpoints()) {
            return Set.of();
        }
        AdminSettings admins = components.settings().admin();
        String prefix = settings.prefix();
        metrics.ifPresent(servlet -> map("metrics", prefix + "/metrics", servlet, Set.of("")));
        map(
                "health",
                prefix + "/health",
                HealthServlet.of(health, request -> AdminAccessControl.isAdmin(admins, request)),
                HealthServlet.NAMES);
        if (!settings.probes().isEmpty()) {
            map("probes", settings.probes(), HealthServlet.ofProbes(health), HealthServlet.PROBE_NAMES);
        }
        if (admins.isEnabled()) {
            mapAdmin(prefix + "/admin", admins, components);
        }
        return Set.copyOf(unguarded);
    }

    private static Servlet admin(AdminSettings admins, Components components) {
        return new AdminServlet(
                admins,
                components.operator(),
                components.addresses(),
                text -> components.sessions().userTags(text).stream()
                        .findFirst()
                        .orElse(""),
                new JsonBodies(),
                System::nanoTime);
    }

    /** Maps the admin API, which reads JSON by an API that the server may lack. */
    private void mapAdmin(String path, AdminSettings admins, Components components) {
        Servlet servlet = OptionalApi.part("JSON-P", path + " is not served", () -> admin(admins, components));
        if (servlet != null) {
            map("admin", path, servlet, Set.of()); // guarded, because a role comes with a session
        }
    }

    /**
     * Maps a servlet to a path and all below it: Open Liberty does not match an exact path that ends in a slash. One that the
     * application has mapped itself stays the application's, and guarded.
     *
     * @param open what of it the filter is to leave alone, by the names below the path, empty for the path itself
     */
    private void map(String name, String path, Servlet servlet, Set<String> open) {
        ServletRegistration.Dynamic registration =
                context.addServlet(RequestFilter.SERVLET_NAME_PREFIX + name, servlet);
        registration.setAsyncSupported(true);
        Set<String> taken = registration.addMapping(path + "/*");
        if (!taken.isEmpty()) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "{0} is mapped by the application, so Gatehouse does not serve it; see GATEHOUSE_ENDPOINTS_PREFIX",
                    taken);
            return;
        }
        for (String below : open) {
            String exact = below.isEmpty() ? path : path + '/' + below;
            unguarded.add(exact);
            unguarded.add(exact + '/');
        }
    }
}
