package io.gatehouse.internal.wiring;

import io.gatehouse.internal.admin.AdminAccessControl;
import io.gatehouse.internal.admin.AdminServlet;
import io.gatehouse.internal.admin.AdminSettings;
import io.gatehouse.internal.admin.JsonBodies;
import io.gatehouse.internal.health.HealthReport;
import io.gatehouse.internal.health.HealthServlet;
import io.gatehouse.internal.health.HealthSettings;
import io.gatehouse.internal.oidc.LogoutServlet;
import io.gatehouse.internal.oidc.OidcSettings;
import io.gatehouse.internal.oidc.ProviderLogout;
import io.gatehouse.internal.web.RequestFilter;
import jakarta.servlet.Servlet;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletRegistration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** Registers the servlets of Gatehouse below the configured prefix: health, metrics and the admin API. */
final class Endpoints {
    private static final System.Logger LOG = System.getLogger(Endpoints.class.getName());

    private final ServletContext context;
    private final HealthSettings settings;
    private final Set<String> excluded = new HashSet<>();

    Endpoints(ServletContext context, HealthSettings settings) {
        this.context = context;
        this.settings = settings;
    }

    /**
     * Registers the servlets, if the endpoints are enabled.
     *
     * @return the paths to exclude from the filter, so that monitoring a node needs no Redis and is never rate limited
     */
    Set<String> register(HealthReport health, Optional<Servlet> metrics, Components components) {
        components.settings().oidc().ifPresent(oidc -> mapOidc(settings.prefix() + "/oidc", oidc, components));
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
        return Set.copyOf(excluded);
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

    /** Maps the admin API, unless the server lacks JSON-P, with which it parses request bodies. */
    private void mapAdmin(String path, AdminSettings admins, Components components) {
        Servlet servlet = OptionalApi.tryLoad("JSON-P", path + " is not served", () -> admin(admins, components));
        if (servlet != null) {
            map("admin", path, servlet, Set.of()); // not excluded from the filter, because a role comes with a session
        }
    }

    /** Maps the logout endpoints of the OpenID provider. The filter applies rate limits to them, because each token costs a verification. */
    private void mapOidc(String path, OidcSettings oidc, Components components) {
        ProviderLogout logout = new ProviderLogout(
                oidc,
                components.settings().session(),
                components.redis(),
                components.sessions().manager(),
                components.logoutCounters(),
                InstantSource.system(),
                System::nanoTime);
        map("oidc", path, new LogoutServlet(logout), Set.of());
    }

    /**
     * Maps a servlet to a path and everything below it, because Open Liberty does not match an exact path that ends in a slash. If the
     * application has mapped the path itself, its mapping stays and the filter guards it.
     *
     * @param excludedNames the names below the path that are excluded from the filter; the empty name stands for the path itself
     */
    private void map(String name, String path, Servlet servlet, Set<String> excludedNames) {
        ServletRegistration.Dynamic registration =
                context.addServlet(RequestFilter.SERVLET_NAME_PREFIX + name, servlet);
        registration.setAsyncSupported(true);
        Set<String> taken = registration.addMapping(path + "/*");
        if (!taken.isEmpty()) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "Gatehouse does not serve {0}, because the application maps it; set GATEHOUSE_ENDPOINTS_PREFIX to another prefix",
                    taken);
            return;
        }
        for (String below : excludedNames) {
            String exact = below.isEmpty() ? path : path + '/' + below;
            excluded.add(exact);
            excluded.add(exact + '/');
        }
    }
}
