package io.gatehouse.internal.wiring;

import io.gatehouse.GatehouseFilter;
import io.gatehouse.internal.config.Config;
import io.gatehouse.internal.schedule.TaskExecutor;
import io.gatehouse.internal.servers.Container;
import io.gatehouse.internal.springsession.SpringSessionImporter;
import io.gatehouse.internal.web.HttpSessionAdapter;
import io.gatehouse.internal.web.ListenerNotifier;
import io.gatehouse.internal.web.RateLimitConfig;
import io.gatehouse.internal.web.RequestFilter;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterRegistration;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Starts Gatehouse in an application: reads the configuration, connects to Redis, and registers filter, servlets and listener. */
final class GatehouseStarter {
    /** The context attribute that holds the running Gatehouse, or false if it is disabled. */
    static final String ATTRIBUTE = "io.gatehouse";

    /** The context attribute that holds the filter, to which the {@link GatehouseFilter} of a web.xml delegates. */
    private static final String FILTER_ATTRIBUTE = "io.gatehouse.filter";

    private static final String FILTER_NAME = "gatehouse";
    private static final System.Logger LOG = System.getLogger(GatehouseRuntime.class.getName());

    private GatehouseStarter() {}

    /**
     * Starts Gatehouse, unless it is disabled.
     *
     * @param listenerClasses classes of the application that may be session listeners
     * @param overrides settings that take precedence over all other sources
     * @throws io.gatehouse.InvalidConfigurationException if the configuration has problems; it lists all of them
     */
    static void start(ServletContext context, Set<Class<?>> listenerClasses, Map<String, String> overrides) {
        RunningApplications.announce();
        Config config = new Config(ConfigSources.of(context, overrides));
        if (!config.read(Settings.ENABLED)) {
            config.throwIfBroken();
            LOG.log(System.Logger.Level.INFO, "Gatehouse is disabled for {0}", name(context));
            context.setAttribute(ATTRIBUTE, false);
            return;
        }
        Settings settings = Settings.from(config, context.getContextPath(), context::getResourceAsStream);
        config.warnings(Settings.ALL).forEach(warning -> LOG.log(System.Logger.Level.WARNING, warning.message()));

        TaskExecutor taskExecutor = new TaskExecutor();
        Container container = new Container(context, listenerClasses);
        ListenerNotifier notifier = new ListenerNotifier(container, context);
        MetricsSetup metricsSetup = new MetricsSetup(settings.session().application());
        TelemetrySetup telemetrySetup = new TelemetrySetup(settings.telemetry());
        Components components = metricsSetup.createComponents(settings, notifier, taskExecutor, telemetrySetup);
        SpringSessionImporter importer = components.springSessionImporter();
        if (importer != null) {
            importer.warn();
        }
        HttpSessionAdapter sessions = new HttpSessionAdapter(
                components.sessions(), notifier, importer, OptionalApi.providerSession(settings.oidc()));
        JobsRuntime jobsRuntime =
                new JobsRuntime(components, taskExecutor, telemetrySetup.with(metricsSetup.jobs()), container);
        CacheRuntime cacheRuntime =
                settings.cache().enabled() ? new CacheRuntime(components, taskExecutor, jobsRuntime.registry()) : null;
        GatehouseRuntime gatehouse = new GatehouseRuntime(
                container, components, taskExecutor, jobsRuntime, cacheRuntime, metricsSetup, telemetrySetup);
        boolean registered = false;
        try {
            RateLimitConfig limiting = new RateLimitConfig(
                    components.addresses(),
                    components.limiter(),
                    settings.limits().headers(),
                    components.guard(),
                    settings.logins().deviceLifetime(),
                    settings.web().cors());
            Set<String> excludedPaths = new Endpoints(context, settings.health())
                    .register(gatehouse.health(), metricsSetup.servlet(), components);
            RequestFilter filter = new RequestFilter(
                    settings.web(),
                    excludedPaths,
                    limiting,
                    sessions,
                    components.redis(),
                    container,
                    context,
                    telemetrySetup.reports());
            register(context, gatehouse, filter);
            SessionIntegration.start(context, settings.web().integration(), filter);
            registered = true;
        } finally {
            if (!registered) {
                gatehouse.close();
            }
        }
        LOG.log(
                System.Logger.Level.INFO,
                "Gatehouse guards {0}: application {1}, signing key {2}, rate limits {3}",
                name(context),
                settings.session().application(),
                settings.keys().currentKid(),
                settings.limits().rules().get().version());
    }

    private static void register(ServletContext context, GatehouseRuntime gatehouse, RequestFilter filter) {
        map(context, filter);
        context.setAttribute(FILTER_ATTRIBUTE, filter);
        context.setAttribute(ATTRIBUTE, gatehouse);
        gatehouse.open(filter);
        try {
            context.addListener(new ServletContextListener() {
                @Override
                public void contextInitialized(ServletContextEvent event) {
                    gatehouse.onApplicationStarted();
                }

                @Override
                public void contextDestroyed(ServletContextEvent event) {
                    gatehouse.close();
                }
            });
        } catch (
                IllegalArgumentException
                        e) { // started by a listener, which may not add another one; that listener calls close itself
            gatehouse.onApplicationStarted();
        }
    }

    /** Registers the filter in front of all others, unless web.xml declares it. */
    private static void map(ServletContext context, RequestFilter filter) {
        FilterRegistration declared = declaredFilter(context);
        if (declared != null) {
            if (declared.getUrlPatternMappings().isEmpty()
                    && declared.getServletNameMappings().isEmpty()) {
                declared.addMappingForUrlPatterns(EnumSet.allOf(DispatcherType.class), false, "/*");
            }
            return;
        }
        FilterRegistration.Dynamic added = context.addFilter(FILTER_NAME, filter);
        if (added == null) {
            throw new IllegalStateException("the name of another filter is " + FILTER_NAME
                    + "; rename that filter, or give it the class " + GatehouseFilter.class.getName());
        }
        added.setAsyncSupported(true);
        added.addMappingForUrlPatterns(EnumSet.allOf(DispatcherType.class), false, "/*");
    }

    private static @Nullable FilterRegistration declaredFilter(ServletContext context) {
        return context.getFilterRegistrations().values().stream()
                .filter(registration -> GatehouseFilter.class.getName().equals(registration.getClassName()))
                .findFirst()
                .orElse(null);
    }

    private static String name(ServletContext context) {
        return context.getContextPath().isEmpty() ? "/" : context.getContextPath();
    }
}
