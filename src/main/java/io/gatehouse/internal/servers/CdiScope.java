package io.gatehouse.internal.servers;

import jakarta.enterprise.context.ContextNotActiveException;
import jakarta.enterprise.context.RequestScoped;
import jakarta.enterprise.context.spi.Context;
import jakarta.enterprise.inject.spi.BeanManager;
import jakarta.enterprise.inject.spi.CDI;

/** Access to the CDI API. A class of its own, so that servers without CDI can load the others. */
final class CdiScope {
    private final BeanManager beans = CDI.current().getBeanManager();

    Object beanManager() {
        return beans;
    }

    boolean isRequestScopeActive() {
        try {
            Context context = beans.getContext(RequestScoped.class);
            return context.isActive();
        } catch (ContextNotActiveException e) {
            return false;
        }
    }

    void fire(Object event) {
        beans.getEvent().fire(event);
    }
}
