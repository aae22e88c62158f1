package io.gatehouse.servers.club;

import jakarta.inject.Inject;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import jakarta.servlet.annotation.WebListener;

/** Adds another listener when the application starts. */
@WebListener
public class Recruiter implements ServletContextListener {
    @Inject
    Journal journal;

    @Override
    public void contextInitialized(ServletContextEvent event) {
        event.getServletContext().addListener(new Recruit(journal));
    }
}
