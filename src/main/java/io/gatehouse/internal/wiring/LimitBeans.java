package io.gatehouse.internal.wiring;

import io.gatehouse.internal.servers.CdiScope;
import io.gatehouse.ratelimit.LimitResolver;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.spi.BeanManager;
import org.jspecify.annotations.Nullable;

/** The beans of the application that limits use: its resolver and its observers. Only this class refers to CDI here. */
final class LimitBeans {
    private static final System.Logger LOG = System.getLogger(LimitBeans.class.getName());

    private final BeanManager beans = CdiScope.currentBeans();

    /** Returns the resolver of the application, or null if it has none. Must be called in a thread of the application. */
    @Nullable
    LimitResolver resolver() {
        Instance<LimitResolver> found = beans.createInstance().select(LimitResolver.class);
        if (found.isAmbiguous()) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "found several LimitResolver beans; expected one. Rules keep their own limits");
        }
        return found.isResolvable() ? found.get() : null;
    }

    /** Fires an event to the observers of the application. */
    void fire(Object event) {
        beans.getEvent().fire(event);
    }
}
