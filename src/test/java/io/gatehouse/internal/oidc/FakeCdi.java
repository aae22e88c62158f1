package io.gatehouse.internal.oidc;

import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.spi.BeanManager;
import jakarta.enterprise.inject.spi.CDI;
import jakarta.enterprise.util.TypeLiteral;
import java.lang.annotation.Annotation;
import java.util.Iterator;

/** A CDI container with one bean. */
@SuppressWarnings("unchecked")
final class FakeCdi extends CDI<Object> {
    private final Instance<Object> bean;

    FakeCdi(Instance<Object> bean) {
        this.bean = bean;
    }

    @Override
    public <U> Instance<U> select(Class<U> type, Annotation... qualifiers) {
        return (Instance<U>) bean;
    }

    @Override
    public BeanManager getBeanManager() {
        throw new IllegalStateException("no bean manager");
    }

    @Override
    public Instance<Object> select(Annotation... qualifiers) {
        return bean;
    }

    @Override
    public <U> Instance<U> select(TypeLiteral<U> type, Annotation... qualifiers) {
        return (Instance<U>) bean;
    }

    @Override
    public boolean isUnsatisfied() {
        return false;
    }

    @Override
    public boolean isAmbiguous() {
        return false;
    }

    @Override
    public void destroy(Object instance) {
        // nothing to destroy
    }

    @Override
    public Handle<Object> getHandle() {
        return bean.getHandle();
    }

    @Override
    public Iterable<? extends Handle<Object>> handles() {
        return bean.handles();
    }

    @Override
    public Object get() {
        return bean.get();
    }

    @Override
    public Iterator<Object> iterator() {
        return bean.iterator();
    }
}
