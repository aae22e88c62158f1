package io.gatehouse.internal.servers;

import jakarta.servlet.http.HttpSessionAttributeListener;
import jakarta.servlet.http.HttpSessionIdListener;
import jakarta.servlet.http.HttpSessionListener;
import java.util.Collection;
import java.util.Collections;
import java.util.EventListener;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/** The session listeners of an application, in the order of registration, each instance once. Immutable. */
public record SessionListeners(
        List<HttpSessionListener> sessions,
        List<HttpSessionAttributeListener> attributes,
        List<HttpSessionIdListener> ids) {

    static SessionListeners among(Collection<? extends EventListener> listeners) {
        return new SessionListeners(
                only(HttpSessionListener.class, listeners),
                only(HttpSessionAttributeListener.class, listeners),
                only(HttpSessionIdListener.class, listeners));
    }

    private static <T> List<T> only(Class<T> type, Collection<? extends EventListener> listeners) {
        Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        return listeners.stream()
                .filter(type::isInstance)
                .filter(seen::add)
                .map(type::cast)
                .toList();
    }
}
