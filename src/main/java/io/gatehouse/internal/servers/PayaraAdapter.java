package io.gatehouse.internal.servers;

import jakarta.servlet.ServletContext;
import java.util.ArrayList;
import java.util.EventListener;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The adapter for Payara, whose web module extends the context of an older Tomcat. */
public final class PayaraAdapter implements ServerAdapter {

    @Override
    public boolean runs(ServletContext context) {
        return TomcatAdapter.isCatalina(context) && TomcatAdapter.contextHas(context, "getSessionListeners");
    }

    @Override
    public List<EventListener> listeners(ServletContext context) throws ReflectiveOperationException {
        ReflectiveAccess module = TomcatAdapter.standardContext(context);
        List<EventListener> listeners =
                new ArrayList<>(module.call("getSessionListeners").listeners());
        listeners.addAll(module.call("getApplicationEventListeners").listeners());
        return listeners;
    }

    /** Returns the web module of Payara behind the context that applications get, or null on another server. */
    public static @Nullable Object moduleOf(ServletContext application) {
        try {
            return new PayaraAdapter().runs(application)
                    ? TomcatAdapter.standardContext(application).object()
                    : null;
        } catch (ReflectiveOperationException | RuntimeException e) {
            return null;
        }
    }
}
