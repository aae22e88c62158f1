package io.gatehouse.servers.club;

import jakarta.inject.Inject;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import jakarta.servlet.annotation.WebListener;

/** Registers another listener when the application starts. */
@WebListener
public class ListenerRegistrar implements ServletContextListener {
    @Inject
    Journal journal;

    @Override
    public void contextInitialized(ServletContextEvent event) {
        event.getServletContext().addListener(new FailingListener(journal));
    }
}
