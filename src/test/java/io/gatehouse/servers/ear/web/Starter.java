package io.gatehouse.servers.ear.web;

import io.gatehouse.Gatehouse;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import jakarta.servlet.annotation.WebListener;
import java.util.Optional;

/** Starts Gatehouse on a server that does not start it from {@code lib} of an EAR. */
@WebListener
public class Starter implements ServletContextListener {
    @Override
    public void contextInitialized(ServletContextEvent event) {
        Optional<Gatehouse> unused = Gatehouse.builder().start(event.getServletContext());
    }

    @Override
    public void contextDestroyed(ServletContextEvent event) {
        Gatehouse.of(event.getServletContext()).ifPresent(Gatehouse::close);
    }
}
