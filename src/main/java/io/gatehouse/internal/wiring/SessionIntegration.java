package io.gatehouse.internal.wiring;

import io.gatehouse.internal.config.Config;
import io.gatehouse.internal.jetty.JettySessions;
import io.gatehouse.internal.payara.PayaraSessions;
import io.gatehouse.internal.tomcat.TomcatSessions;
import io.gatehouse.internal.web.ContainerRequests;
import io.gatehouse.internal.web.ContainerRequests.Installation;
import io.gatehouse.internal.web.RequestFilter;
import io.gatehouse.internal.web.WebSettings;
import io.gatehouse.internal.web.WebSettings.Integration;
import jakarta.servlet.ServletContext;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Has the container use the sessions of Gatehouse, if the configuration says so and there is an adapter for it. An adapter is installed
 * before the application starts. It asks for {@link ContainerRequests#ATTRIBUTE} at each request, and without it leaves the container its
 * own sessions.
 */
public final class SessionIntegration {
    /** The context attribute in which an adapter that the container itself has called says what has become of it. */
    public static final String INSTALLED = "io.gatehouse.container.installed";

    /** The adapters that are installed when Gatehouse starts. */
    private static final List<Function<ServletContext, Installation>> ADAPTERS =
            List.of(TomcatSessions::install, PayaraSessions::install, JettySessions::install);

    private static final System.Logger LOG = System.getLogger(SessionIntegration.class.getName());

    private SessionIntegration() {}

    /**
     * Returns whether the configuration of an application that has not started wants the container to use the sessions of Gatehouse.
     *
     * @param tested whether the adapter is tested with this version of the container
     */
    public static boolean isWanted(ServletContext context, boolean tested) {
        Config config = new Config(ConfigSources.of(context, Map.of()));
        Integration wanted = config.read(WebSettings.INTEGRATION);
        return config.read(Settings.ENABLED)
                && (wanted == Integration.CONTAINER || (wanted == Integration.AUTO && tested));
    }

    /** Starts the integration. */
    static void start(ServletContext context, Integration wanted, RequestFilter filter) {
        if (wanted == Integration.FILTER) {
            return;
        }
        switch (install(context)) {
            case DONE -> {
                context.setAttribute(ContainerRequests.ATTRIBUTE, filter.serveContainer());
                LOG.log(System.Logger.Level.INFO, "the container uses the sessions of Gatehouse");
            }
            case REFUSED -> {} // the adapter has logged a warning
            case OTHER_SERVER ->
                LOG.log(
                        wanted == Integration.CONTAINER ? System.Logger.Level.WARNING : System.Logger.Level.INFO,
                        "{0} keeps its own sessions, because Gatehouse cannot replace them there; the filter replaces those of the application",
                        context.getServerInfo());
        }
    }

    private static Installation install(ServletContext context) {
        if (context.getAttribute(INSTALLED) instanceof Installation before) {
            return before;
        }
        return ADAPTERS.stream()
                .map(adapter -> adapter.apply(context))
                .filter(installed -> installed != Installation.OTHER_SERVER)
                .findFirst()
                .orElse(Installation.OTHER_SERVER);
    }
}
