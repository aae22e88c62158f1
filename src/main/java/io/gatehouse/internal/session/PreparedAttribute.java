package io.gatehouse.internal.session;

import org.jspecify.annotations.Nullable;

/**
 * An attribute value that is checked and encoded, but not yet visible in its session. The caller can notify the value between
 * {@link Session#prepareAttribute} and {@link #set}. Not thread-safe.
 */
public final class PreparedAttribute {
    private final Session session;
    private final LiveSession live;
    private final String name;
    private final Object value;
    private final SessionAttribute sessionAttribute;

    PreparedAttribute(Session session, LiveSession live, String name, Object value, SessionAttribute sessionAttribute) {
        this.session = session;
        this.live = live;
        this.name = name;
        this.value = value;
        this.sessionAttribute = sessionAttribute;
    }

    /** Sets the attribute, and returns the value that it replaces if that was decoded before. */
    public @Nullable Object set() {
        Object replaced = live.attributes().set(name, sessionAttribute);
        live.attributeChanged(name, value);
        if (name.equals(Session.USER_ATTRIBUTE)) {
            session.countLogin();
        }
        return replaced;
    }
}
