package io.gatehouse.internal.undertow;

import io.gatehouse.Gatehouse;
import io.gatehouse.internal.wiring.GatehouseInitializer;
import io.gatehouse.internal.wiring.GatehouseRuntime;
import io.gatehouse.testing.App;
import io.undertow.Undertow;
import io.undertow.server.HttpHandler;
import io.undertow.servlet.Servlets;
import io.undertow.servlet.api.DeploymentInfo;
import io.undertow.servlet.api.DeploymentManager;
import io.undertow.servlet.api.ServletContainerInitializerInfo;
import io.undertow.servlet.util.ImmediateInstanceFactory;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Set;

/** An application behind Gatehouse on an embedded Undertow with a free port, which uses the sessions of Gatehouse. */
final class UndertowApp implements AutoCloseable {
    private final DeploymentInfo info = Servlets.deployment()
            .setClassLoader(UndertowApp.class.getClassLoader())
            .setContextPath("/")
            .setDeploymentName("app.war")
            .addInitParameter("GATEHOUSE_SESSION_INTEGRATION", "container")
            .addInitParameter("GATEHOUSE_CACHE_ENABLED", "False")
            .addInitParameter("REDIS_CACHE_WARMING_URL", "redis://127.0.0.1:1/4")
            .addInitParameter("GATEHOUSE_RATE_LIMITS", "none")
            .addInitParameter("GATEHOUSE_KEYS", App.KEYS)
            .addServletContainerInitializer(new ServletContainerInitializerInfo(
                    GatehouseInitializer.class, new ImmediateInstanceFactory<>(new GatehouseInitializer()), Set.of()));

    private final DeploymentManager manager;
    private final Undertow server;

    /** @param settings further settings, among them those of Redis */
    UndertowApp(Map<String, String> settings, App.Handler servlet, DeploymentCustomizer customizer) {
        settings.forEach(info::addInitParameter);
        info.addServlet(Servlets.servlet(
                        "all", HandlerServlet.class, new ImmediateInstanceFactory<>(new HandlerServlet(servlet)))
                .addMapping("/*")
                .setAsyncSupported(true));
        customizer.customize(info);
        manager = Servlets.newContainer().addDeployment(info);
        manager.deploy();
        HttpHandler handler;
        try {
            handler = manager.start();
        } catch (ServletException e) {
            throw new IllegalStateException(e);
        }
        server = Undertow.builder()
                .addHttpListener(0, "127.0.0.1", handler)
                .setIoThreads(1)
                .setWorkerThreads(4)
                .build();
        server.start();
    }

    /** Adds to the deployment what a test needs. */
    interface DeploymentCustomizer {
        void customize(DeploymentInfo info);
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

    GatehouseRuntime gatehouse() {
        return (GatehouseRuntime)
                Gatehouse.of(manager.getDeployment().getServletContext()).orElseThrow();
    }

    String url(String path) {
        int port = ((InetSocketAddress) server.getListenerInfo().get(0).getAddress()).getPort();
        return "http://127.0.0.1:" + port + path;
    }

    @Override
    public void close() {
        server.stop();
        try {
            manager.stop();
        } catch (ServletException e) {
            throw new IllegalStateException(e);
        }
        manager.undeploy();
    }
}
