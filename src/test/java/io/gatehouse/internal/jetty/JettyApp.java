package io.gatehouse.internal.jetty;

import io.gatehouse.Gatehouse;
import io.gatehouse.internal.wiring.GatehouseInitializer;
import io.gatehouse.internal.wiring.GatehouseRuntime;
import io.gatehouse.testing.App;
import jakarta.servlet.ServletContainerInitializer;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.ContextHandlerCollection;

/** An application behind Gatehouse on an embedded Jetty with a free port. */
final class JettyApp implements AutoCloseable {
    private final Server server = new Server();
    private final ServerConnector connector = new ServerConnector(server);
    private final ContextHandlerCollection applications = new ContextHandlerCollection(true);
    private final Builder description;
    private JettyContext context;

    private JettyApp(Builder description) {
        this.description = description;
        this.context = description.context();
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        server.setHandler(applications);
        applications.addHandler(context.handler());
        try {
            server.start();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** Returns a builder of an application without rate limits, whose container uses the sessions of Gatehouse. */
    static Builder with(JettyContext.Version version, String redis) {
        return new Builder(version)
                .set("REDIS_SESSION_URL", redis)
                .set("REDIS_RATE_LIMIT_URL", redis)
                .set("GATEHOUSE_CACHE_ENABLED", "False")
                .set("REDIS_CACHE_WARMING_URL", "redis://127.0.0.1:1/4")
                .set("GATEHOUSE_RATE_LIMITS", "none")
                .set("GATEHOUSE_KEYS", App.KEYS)
                .set("GATEHOUSE_SESSION_INTEGRATION", "container");
    }

    /** Describes the application before it starts. */
    static final class Builder {
        private final JettyContext.Version version;
        private final Map<String, String> settings = new LinkedHashMap<>();
        private final Map<String, App.Handler> handlers = new LinkedHashMap<>();
        private Consumer<JettyContext> customizer = context -> {};
        private ServletContainerInitializer initializer = new GatehouseInitializer();
        private String path = "";

        private Builder(JettyContext.Version version) {
            this.version = version;
        }

        Builder set(String name, String value) {
            settings.put(name, value);
            return this;
        }

        Builder path(String contextPath) {
            path = contextPath;
            return this;
        }

        Builder on(String mapping, App.Handler handler) {
            handlers.put(mapping, handler);
            return this;
        }

        Builder customize(Consumer<JettyContext> more) {
            customizer = customizer.andThen(more);
            return this;
        }

        Builder initializer(ServletContainerInitializer other) {
            initializer = other;
            return this;
        }

        private JettyContext context() {
            JettyContext context = JettyContext.of(version, path);
            settings.forEach(context::parameter);
            handlers.forEach((mapping, handler) -> context.servlet(mapping, new HandlerServlet(handler)));
            customizer.accept(context);
            context.initializer(initializer);
            return context;
        }

        JettyApp start() {
            return new JettyApp(this);
        }
    }

    private static final class HandlerServlet extends HttpServlet {
        private static final long serialVersionUID = 1L;

        private final transient App.Handler handler;

        HandlerServlet(App.Handler handler) {
            this.handler = handler;
        }

        @Override
        protected void service(HttpServletRequest request, HttpServletResponse response)
                throws ServletException, IOException {
            handler.handle(request, response);
        }
    }

    String url(String ofPath) {
        return "http://127.0.0.1:" + connector.getLocalPort() + description.path + ofPath;
    }

    JettyContext context() {
        return context;
    }

    GatehouseRuntime gatehouse() {
        return (GatehouseRuntime) Gatehouse.of(context.application()).orElseThrow();
    }

    /** Deploys the application again, and not the server, as Jetty does if the file of a WAR has changed. */
    void redeploy() {
        try {
            context.handler().stop();
            boolean unused = applications.removeHandler(context.handler());
            context = description.context();
            applications.addHandler(context.handler());
            context.handler().start();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        try {
            context.handler().stop(); // which the server does not do after it was deployed again
            server.stop();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
