package io.gatehouse.internal.jetty;

import java.util.EventListener;
import java.util.List;
import org.eclipse.jetty.server.handler.ContextHandler;
import org.eclipse.jetty.util.component.Container;
import org.eclipse.jetty.util.component.LifeCycle;

/**
 * Gives a context its own session handler back when the one of Gatehouse has stopped, or the application does not start, because the context
 * outlives the application.
 */
final class ContextEnd implements LifeCycle.Listener {
    private final ContextHandler context;
    private final Container handler;
    private final Runnable restore;
    private final List<EventListener> listeners;

    private ContextEnd(ContextHandler context, Container handler, Runnable restore, List<EventListener> listeners) {
        this.context = context;
        this.handler = handler;
        this.restore = restore;
        this.listeners = listeners;
    }

    /**
     * Notes how to end.
     *
     * @param handler the session handler of Gatehouse
     * @param listeners other listeners, which are added to the context until then
     */
    static void of(ContextHandler context, Container handler, Runnable restore, List<EventListener> listeners) {
        ContextEnd end = new ContextEnd(context, handler, restore, listeners);
        boolean unused = context.addEventListener(end);
        unused = handler.addEventListener(end);
        listeners.forEach(context::addEventListener);
    }

    @Override
    public void lifeCycleStopped(LifeCycle stopped) {
        end();
    }

    @Override
    public void lifeCycleFailure(LifeCycle failed, Throwable cause) {
        end();
    }

    private void end() {
        if (handler.removeEventListener(this)) {
            boolean unused = context.removeEventListener(this);
            listeners.forEach(context::removeEventListener);
            restore.run();
        }
    }
}
