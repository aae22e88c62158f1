package io.gatehouse.testing;

import io.gatehouse.Gatehouse;
import io.gatehouse.internal.wiring.GatehouseInitializer;
import io.gatehouse.internal.wiring.GatehouseRuntime;
import jakarta.servlet.ServletContainerInitializer;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.LifecycleState;
import org.apache.catalina.Wrapper;
import org.apache.catalina.startup.Tomcat;

/** An application behind Gatehouse on an embedded Tomcat with a free port. */
public final class App implements AutoCloseable {
    /** The signing keys of this test run. */
    public static final String KEYS = "t1:" + randomKey();

    /** A port on which nothing listens: these applications have no jobs unless they set another URL. */
    private static final String NO_REDIS = "redis://127.0.0.1:1/4";

    private final Tomcat tomcat;
    private final Context context;

    private App(Tomcat tomcat, Context context) {
        this.tomcat = tomcat;
        this.context = context;
    }

    /** Returns 32 random bytes in base64url. */
    public static String randomKey() {
        byte[] key = new byte[32];
        new SecureRandom().nextBytes(key);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(key);
    }

    /** The code of a servlet. */
    public interface Handler {
        void handle(HttpServletRequest request, HttpServletResponse response) throws IOException, ServletException;
    }

    private static final class HandlerServlet extends HttpServlet {
        private static final long serialVersionUID = 1L;

        private final transient Handler handler;

        HandlerServlet(Handler handler) {
            this.handler = handler;
        }

        @Override
        protected void service(HttpServletRequest request, HttpServletResponse response)
                throws ServletException, IOException {
            handler.handle(request, response);
        }
    }

    /** Returns a builder of an application without rate limits, whose counters are in the session database. */
    public static Builder with(String sessionUrl) {
        return new Builder()
                .set("REDIS_SESSION_URL", sessionUrl)
                .set("REDIS_RATE_LIMIT_URL", sessionUrl)
                .set("GATEHOUSE_CACHE_ENABLED", "False")
                .set("REDIS_CACHE_WARMING_URL", NO_REDIS)
                .set("GATEHOUSE_RATE_LIMITS", "none")
                .set("GATEHOUSE_KEYS", KEYS);
    }

    /** Describes the application before it starts. */
    public static final class Builder {
        private final Map<String, String> settings = new LinkedHashMap<>();
        private final Map<String, Handler> handlers = new LinkedHashMap<>();
        private Consumer<Context> customizer = context -> {};
        private final List<Builder> neighbours = new ArrayList<>();
        private ServletContainerInitializer initializer = new GatehouseInitializer();
        private String path = "";

        public Builder set(String name, String value) {
            settings.put(name, value);
            return this;
        }

        public Builder path(String contextPath) {
            path = contextPath;
            return this;
        }

        public Builder on(String mapping, Handler handler) {
            handlers.put(mapping, handler);
            return this;
        }

        public Builder customize(Consumer<Context> more) {
            customizer = customizer.andThen(more);
            return this;
        }

        /** Uses the Gatehouse of another class loader. */
        public Builder initializer(ServletContainerInitializer other) {
            initializer = other;
            return this;
        }

        /** Adds another application on the same server. */
        public Builder beside(Builder neighbour) {
            neighbours.add(neighbour);
            return this;
        }

        private Context addTo(Tomcat tomcat) {
            Context context = tomcat.addContext(path, null);
            settings.forEach(context::addParameter);
            context.addServletContainerInitializer(initializer, Set.of());
            handlers.forEach((mapping, handler) -> {
                Wrapper servlet = Tomcat.addServlet(context, "on " + mapping, new HandlerServlet(handler));
                servlet.setAsyncSupported(true);
                servlet.addMapping(mapping);
            });
            customizer.accept(context);
            return context;
        }

        public App start() {
            try {
                Path base = Files.createDirectories(Path.of("target", "test-tomcat"));
                Tomcat tomcat = new Tomcat();
                tomcat.setBaseDir(base.toString());
                tomcat.setHostname("localhost");
                tomcat.setPort(0);
                tomcat.getConnector().setProperty("address", "127.0.0.1");
                Context context = addTo(tomcat);
                neighbours.forEach(neighbour -> neighbour.addTo(tomcat));
                tomcat.start();
                if (context.getState() != LifecycleState.STARTED) {
                    tomcat.destroy();
                    throw new IllegalStateException("the application did not start");
                }
                return new App(tomcat, context);
            } catch (LifecycleException e) {
                throw new IllegalStateException(e);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    public String url(String path) {
        return serverUrl(context.getPath() + path);
    }

    /** Returns a URL on the server, in any application. */
    public String serverUrl(String path) {
        return "http://127.0.0.1:" + tomcat.getConnector().getLocalPort() + path;
    }

    public GatehouseRuntime gatehouse() {
        return (GatehouseRuntime) Gatehouse.of(context.getServletContext()).orElseThrow();
    }

    public Context context() {
        return context;
    }

    @Override
    public void close() {
        try {
            tomcat.stop();
            tomcat.destroy();
        } catch (LifecycleException e) {
            throw new IllegalStateException(e);
        }
    }
}
