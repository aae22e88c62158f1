package io.gatehouse;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.FilterConfig;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The filter of Gatehouse for a {@code web.xml} that fixes its position among other filters. Without such an entry Gatehouse
 * registers its filter by itself, in front of all others; with it, only here. Thread-safe.
 *
 * <pre>{@code
 * <filter>
 *   <filter-name>gatehouse</filter-name>
 *   <filter-class>io.gatehouse.GatehouseFilter</filter-class>
 *   <async-supported>true</async-supported>
 * </filter>
 * <filter-mapping>
 *   <filter-name>gatehouse</filter-name>
 *   <url-pattern>/*</url-pattern>
 *   <dispatcher>REQUEST</dispatcher>
 *   <dispatcher>FORWARD</dispatcher>
 *   <dispatcher>INCLUDE</dispatcher>
 *   <dispatcher>ASYNC</dispatcher>
 *   <dispatcher>ERROR</dispatcher>
 * </filter-mapping>
 * }</pre>
 *
 * <p>Without a mapping, Gatehouse maps it to all requests and dispatchers, in front of all other filters.
 */
public final class GatehouseFilter implements Filter {
    private volatile @Nullable Filter delegate;

    /** Creates the filter; called by the container. */
    public GatehouseFilter() {}

    /**
     * Finds the running Gatehouse of the application.
     *
     * @throws ServletException if Gatehouse has not started
     */
    @Override
    public void init(FilterConfig config) throws ServletException {
        Object gatehouse = config.getServletContext().getAttribute("io.gatehouse");
        if (gatehouse == null) {
            throw new ServletException("Gatehouse has not started in this application; expected a container that calls"
                    + " ServletContainerInitializer, or a call of Gatehouse.builder().start(servletContext)");
        }
        if (config.getServletContext().getAttribute("io.gatehouse.filter") instanceof Filter found) {
            found.init(config);
            delegate = found;
        }
    }

    /** Passes the request through Gatehouse, or to the application alone if Gatehouse is disabled. */
    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        Filter known = delegate;
        if (known == null) {
            chain.doFilter(request, response);
        } else {
            known.doFilter(request, response, chain);
        }
    }
}
