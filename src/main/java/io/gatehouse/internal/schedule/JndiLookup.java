package io.gatehouse.internal.schedule;

import javax.naming.InitialContext;
import javax.naming.NamingException;
import org.jspecify.annotations.Nullable;

/** Looks up the default resources of a Jakarta EE server, such as its managed executors. */
final class JndiLookup {
    private JndiLookup() {}

    /** Returns the resource, or null if the server has none of this name and type. */
    @SuppressWarnings("BanJNDI") // the names are constants
    static <T> @Nullable T find(String name, Class<T> type) {
        try {
            Object found = InitialContext.doLookup(name);
            return type.isInstance(found) ? type.cast(found) : null;
        } catch (NamingException e) {
            return null;
        }
    }
}
