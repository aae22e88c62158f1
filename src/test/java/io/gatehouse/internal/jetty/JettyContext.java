package io.gatehouse.internal.jetty;

import jakarta.servlet.ServletContainerInitializer;
import jakarta.servlet.ServletContext;
import jakarta.servlet.http.HttpServlet;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.security.SecurityHandler;
import org.eclipse.jetty.server.handler.ContextHandler;
import org.eclipse.jetty.session.AbstractSessionManager;

/** A context of Jetty in any version of Jakarta EE. */
interface JettyContext {
    /** The versions that Gatehouse supports. */
    enum Version {
        EE10,
        EE11
    }

    static JettyContext of(Version version, String path) {
        return version == Version.EE10 ? new Ee10(path) : new Ee11(path);
    }

    ContextHandler handler();

    void parameter(String name, String value);

    void initializer(ServletContainerInitializer initializer);

    void servlet(String mapping, HttpServlet servlet);

    void security(SecurityHandler security);

    AbstractSessionManager sessions();

    void errorPage(int status, String location);

    ServletContext application();

    /** With Jakarta EE 10. */
    record Ee10(org.eclipse.jetty.ee10.servlet.ServletContextHandler context) implements JettyContext {
        Ee10(String path) {
            this(new org.eclipse.jetty.ee10.servlet.ServletContextHandler(
                    path.isEmpty() ? "/" : path, org.eclipse.jetty.ee10.servlet.ServletContextHandler.SESSIONS));
        }

        @Override
        public ContextHandler handler() {
            return context;
        }

        @Override
        public void parameter(String name, String value) {
            String unused = context.setInitParameter(name, value);
        }

        @Override
        public void initializer(ServletContainerInitializer initializer) {
            var unused = context.addServletContainerInitializer(initializer);
        }

        @Override
        public void servlet(String mapping, HttpServlet servlet) {
            ServletHolder holder = new ServletHolder(servlet);
            holder.setAsyncSupported(true);
            context.addServlet(holder, mapping);
        }

        @Override
        public void security(SecurityHandler security) {
            context.setSecurityHandler(security);
        }

        @Override
        public AbstractSessionManager sessions() {
            return context.getSessionHandler();
        }

        @Override
        public void errorPage(int status, String location) {
            var pages = new org.eclipse.jetty.ee10.servlet.ErrorPageErrorHandler();
            pages.addErrorPage(status, location);
            context.setErrorHandler(pages);
        }

        @Override
        public ServletContext application() {
            return context.getServletContext();
        }
    }

    /** With Jakarta EE 11. */
    record Ee11(org.eclipse.jetty.ee11.servlet.ServletContextHandler context) implements JettyContext {
        Ee11(String path) {
            this(new org.eclipse.jetty.ee11.servlet.ServletContextHandler(
                    path.isEmpty() ? "/" : path, org.eclipse.jetty.ee11.servlet.ServletContextHandler.SESSIONS));
        }

        @Override
        public ContextHandler handler() {
            return context;
        }

        @Override
        public void parameter(String name, String value) {
            String unused = context.setInitParameter(name, value);
        }

        @Override
        public void initializer(ServletContainerInitializer initializer) {
            var unused = context.addServletContainerInitializer(initializer);
        }

        @Override
        public void servlet(String mapping, HttpServlet servlet) {
            var holder = new org.eclipse.jetty.ee11.servlet.ServletHolder(servlet);
            holder.setAsyncSupported(true);
            context.addServlet(holder, mapping);
        }

        @Override
        public void security(SecurityHandler security) {
            context.setSecurityHandler(security);
        }

        @Override
        public AbstractSessionManager sessions() {
            return context.getSessionHandler();
        }

        @Override
        public void errorPage(int status, String location) {
            var pages = new org.eclipse.jetty.ee11.servlet.ErrorPageErrorHandler();
            pages.addErrorPage(status, location);
            context.setErrorHandler(pages);
        }

        @Override
        public ServletContext application() {
            return context.getServletContext();
        }
    }
}
