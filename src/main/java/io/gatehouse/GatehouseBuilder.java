package io.gatehouse;

import jakarta.servlet.ServletContext;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Starts Gatehouse in an embedded server, where the container does not scan the class path for {@code
 * ServletContainerInitializer}. Not thread-safe.
 *
 * <p>Embedded Tomcat and Jetty:
 *
 * <pre>{@code
 * context.addServletContainerInitializer((classes, servletContext) -> Gatehouse.builder()
 *         .setting("REDIS_SESSION_URL", "redis://redis:6379/2")
 *         .setting("GATEHOUSE_KEYS", keys)
 *         .start(servletContext));
 * }</pre>
 *
 * <p>An executable JAR of Spring Boot. The order makes the filter of Gatehouse the first one:
 *
 * <pre>{@code
 * @Component
 * @Order(Ordered.HIGHEST_PRECEDENCE)
 * class GatehouseStart implements ServletContextInitializer {
 *     public void onStartup(ServletContext context) {
 *         Gatehouse.builder().start(context);
 *     }
 * }
 * }</pre>
 */
public interface GatehouseBuilder {

    /**
     * Sets a setting by the name that the reference lists, such as {@code REDIS_URL}. It takes precedence over MicroProfile
     * Config, system properties, the environment and context parameters.
     */
    GatehouseBuilder setting(String name, String value);

    /** Sets several settings; see {@link #setting}. */
    GatehouseBuilder settings(Map<String, String> settings);

    /**
     * Names classes of session listeners. Needed only on servers that Gatehouse does not know: it instantiates the classes and
     * notifies them of its sessions. On other servers it notifies the listeners that the application has registered.
     *
     * @param classes classes that implement {@code HttpSessionListener}, {@code HttpSessionAttributeListener} or {@code
     *     HttpSessionIdListener} and have a constructor without parameters
     */
    GatehouseBuilder sessionListeners(Set<Class<?>> classes);

    /**
     * Starts Gatehouse: connects to Redis and registers its filter, servlets and listener. Call it while the servlet context is
     * initialized: from a {@code ServletContainerInitializer} or a {@code ServletContextListener}. Started from an initializer,
     * Gatehouse stops with the application; started from a listener, call {@link Gatehouse#close} when the context is destroyed.
     *
     * @return the running Gatehouse, or empty if {@code GATEHOUSE_ENABLED} is false
     * @throws io.gatehouse.InvalidConfigurationException if the configuration has problems; lists all of them
     * @throws IllegalStateException if Gatehouse runs in this context already, or the context is initialized already
     */
    Optional<Gatehouse> start(ServletContext context);
}
