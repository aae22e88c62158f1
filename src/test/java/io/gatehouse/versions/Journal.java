package io.gatehouse.versions;

import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import jakarta.servlet.annotation.WebListener;
import jakarta.servlet.http.HttpSessionAttributeListener;
import jakarta.servlet.http.HttpSessionBindingEvent;
import jakarta.servlet.http.HttpSessionEvent;
import jakarta.servlet.http.HttpSessionIdListener;
import jakarta.servlet.http.HttpSessionListener;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A session listener that writes down its calls. The application shows what was written by the instance that the server has called when the
 * application started; other instances keep theirs to themselves.
 */
@WebListener
public class Journal
        implements ServletContextListener, HttpSessionListener, HttpSessionAttributeListener, HttpSessionIdListener {
    static final String NAME = "journal";

    private final List<String> lines = new CopyOnWriteArrayList<>();

    @Override
    public void contextInitialized(ServletContextEvent event) {
        event.getServletContext().setAttribute(NAME, lines);
    }

    @Override
    public void sessionCreated(HttpSessionEvent event) {
        lines.add("created");
    }

    @Override
    public void attributeAdded(HttpSessionBindingEvent event) {
        lines.add("added " + event.getName());
    }

    @Override
    public void sessionIdChanged(HttpSessionEvent event, String oldId) {
        lines.add("new id");
    }

    @Override
    public void sessionDestroyed(HttpSessionEvent event) {
        lines.add("destroyed with count " + event.getSession().getAttribute("count"));
    }
}
