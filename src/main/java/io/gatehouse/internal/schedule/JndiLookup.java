package io.gatehouse.internal.schedule;

import javax.naming.InitialContext;
import javax.naming.NamingException;
import org.jspecify.annotations.Nullable;

/** What the server gives every application under a fixed name, where it does. */
final class JndiLookup {
    private JndiLookup() {}

    @SuppressWarnings("BanJNDI") // a fixed name of the server's own
    static <T> @Nullable T find(String name, Class<T> type) {
        try {
            Object found = InitialContext.doLookup(name);
            return type.isInstance(found) ? type.cast(found) : null;
        } catch (NamingException e) {
            return null;
        }
    }
}
