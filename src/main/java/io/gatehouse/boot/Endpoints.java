package io.gatehouse.boot;

import io.gatehouse.admin.Access;
import io.gatehouse.admin.AdminServlet;
import io.gatehouse.admin.AdminSettings;
import io.gatehouse.admin.JsonBodies;
import io.gatehouse.assembly.Capabilities;
import io.gatehouse.assembly.OptionalApi;
import io.gatehouse.health.HealthReport;
import io.gatehouse.health.HealthServlet;
import io.gatehouse.health.HealthSettings;
import jakarta.servlet.Servlet;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletRegistration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** What is served over HTTP beside the application, under a prefix that is configured. */
final class Endpoints {
    private static final System.Logger LOG = System.getLogger(Endpoints.class.getName());

    private final ServletContext context;
    private final HealthSettings settings;

    Endpoints(ServletContext context, HealthSettings settings) {
        this.context = context;
        this.settings = settings;
    }

    /** What the filter is to leave alone, so that looking at a node costs Redis nothing and is never limited. */
    List<String> unguarded() {
        if (!settings.endpoints()) {
            return List.of();
        }
        String health = settings.prefix() + "/health/*";
        String metrics = settings.prefix() + "/metrics/*";
        return settings.probes().isEmpty()
                ? List.of(health, metrics)
                : List.of(health, metrics, settings.probes() + "/*");
    }

    /** Registers all of them, if they are wanted. */
    void register(HealthReport health, Optional<Servlet> metrics, Capabilities capabilities) {
        if (!settings.endpoints()) {
            return;
        }
        AdminSettings admins = capabilities.settings().admin();
        metrics.ifPresent(servlet -> map("metrics", settings.prefix() + "/metrics", servlet));
        add(
                "health",
                settings.prefix() + "/health",
                () -> HealthServlet.of(health, request -> Access.isAdmin(admins, request)));
        if (admins.isOn()) {
            add("admin", settings.prefix() + "/admin", () -> admin(admins, capabilities));
        }
        if (!settings.probes().isEmpty()) {
            add("probes", settings.probes(), () -> HealthServlet.ofProbes(health));
        }
    }

    private static Servlet admin(AdminSettings admins, Capabilities capabilities) {
        return new AdminServlet(
                admins,
                capabilities.operator(),
                capabilities.addresses(),
                text -> capabilities.sessions().userTags(text).stream()
                        .findFirst()
                        .orElse(""),
                new JsonBodies(),
                System::nanoTime);
    }

    private void add(String name, String path, Supplier<Servlet> making) {
        Servlet servlet = OptionalApi.part("JSON-B", path + " is not served", making);
        if (servlet != null) {
            map(name, path, servlet);
        }
    }

    /**
     * Maps a servlet to a path and all below it: Open Liberty does not match an exact path that ends in a slash. One that the
     * application has mapped itself stays the application's.
     */
    private void map(String name, String path, Servlet servlet) {
        ServletRegistration.Dynamic registration = context.addServlet("gatehouse-" + name, servlet);
        registration.setAsyncSupported(true);
        Set<String> taken = registration.addMapping(path + "/*");
        if (!taken.isEmpty()) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "{0} is mapped by the application, so Gatehouse does not serve it; see GATEHOUSE_ENDPOINTS_PREFIX",
                    taken);
        }
    }
}
