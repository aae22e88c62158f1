package io.gatehouse.internal.servers;

import jakarta.enterprise.context.ContextNotActiveException;
import jakarta.enterprise.context.RequestScoped;
import jakarta.enterprise.context.spi.Context;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.spi.BeanManager;
import jakarta.enterprise.inject.spi.CDI;
import javax.naming.InitialContext;
import javax.naming.NamingException;

/** Access to the CDI API. A class of its own, so that servers without CDI can load the others. */
public final class CdiScope {
    private static final String OF_THIS_APPLICATION = "java:comp/BeanManager";

    private final BeanManager beans = currentBeans();

    CdiScope() {}

    /**
     * Returns the bean manager of the application whose thread this is. {@code CDI.current()} knows only the archive with the calling class: in
     * {@code lib} of an EAR it does not find the beans of a WAR.
     *
     * @throws IllegalStateException if there is no CDI
     */
    @SuppressWarnings("BanJNDI") // a constant that the server defines
    public static BeanManager currentBeans() {
        try {
            if (InitialContext.doLookup(OF_THIS_APPLICATION) instanceof BeanManager found) {
                return found;
            }
        } catch (NamingException e) {
            // a server that does not define the name has CDI.current()
        }
        return CDI.current().getBeanManager();
    }

    Object beanManager() {
        return beans;
    }

    /** Returns whether the application has a bean of a type, with any qualifier. */
    boolean hasBean(Class<?> type) {
        return !beans.getBeans(type, Any.Literal.INSTANCE).isEmpty();
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
