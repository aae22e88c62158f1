package io.gatehouse.internal.undertow;

import io.undertow.security.api.SecurityContext;
import io.undertow.server.HttpServerExchange;
import java.security.Principal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The text of a user whom WildFly's security system Elytron has authenticated: the name and the mechanism, without a password. Elytron
 * reads the groups of the user from the realm on each node, and again every minute, or as often as the configuration says. A user of another realm is not restored. Uses Elytron
 * by reflection, because its classes come with the server. Thread-safe.
 */
final class Identities {
    static final String KIND = "user";

    private static final System.Logger LOG = System.getLogger(Identities.class.getName());
    private static final String CACHED = "org.wildfly.security.cache.CachedIdentity";

    /** What Jakarta Authentication stores: a {@link #CACHED} and the type of the authentication. */
    private static final String CONTAINER =
            "org.wildfly.elytron.web.undertow.server.servlet.ServletSecurityContextImpl$IdentityContainer";

    private static final int NAME = 1;
    private static final int MECHANISM = 2;
    private static final int PROGRAMMATIC = 3;
    /** The type of the authentication, only of a user whom an authentication module has named. Roles follow. */
    private static final int TYPE = 4;

    /** How long a user is kept unless the configuration says otherwise. */
    private static final Duration KEPT = Duration.ofMinutes(1);

    private static final int MOST_KEPT = 10_000;

    private final String realm;
    private final Supplier<Duration> refresh;
    private final LongSupplier nanos;
    private final Map<String, Kept> users = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Kept> eldest) {
            return size() > MOST_KEPT;
        }
    };

    /**
     * @param realm the realm of the application, or an empty text
     * @param refresh how long a user is kept, or zero for the default
     */
    Identities(String realm, Supplier<Duration> refresh) {
        this(realm, refresh, System::nanoTime);
    }

    Identities(String realm, Supplier<Duration> refresh, LongSupplier nanos) {
        this.realm = realm;
        this.refresh = refresh;
        this.nanos = nanos;
    }

    /** A user as Elytron knows it, with its groups. */
    private record Kept(String text, Object identity, long since) {}

    boolean isIdentity(Object value) {
        String type = value.getClass().getName();
        return type.equals(CACHED) || type.equals(CONTAINER);
    }

    /** Returns the text of a user, and keeps the user on this node; null if the class is not as expected. */
    @Nullable
    String stored(Object identity, String sessionId) {
        try {
            String text = AttributeForms.text(KIND, fields(identity));
            keep(sessionId, text, identity);
            return text;
        } catch (ReflectiveOperationException | RuntimeException e) {
            LOG.log(System.Logger.Level.WARNING, "a user could not be stored in the session: {0}", e.toString());
            return null;
        }
    }

    /** Returns realm, name, mechanism, whether the application has logged in the user, and what an authentication module has named. */
    private List<String> fields(Object identity) throws ReflectiveOperationException {
        boolean byModule = identity.getClass().getName().equals(CONTAINER);
        Object cached = byModule ? call(identity, "getSecurityIdentity") : identity;
        List<String> fields = new ArrayList<>();
        fields.add(realm);
        fields.add(cached == null ? "" : String.valueOf(call(cached, "getName")));
        fields.add(cached == null ? "" : String.valueOf(call(cached, "getMechanismName")));
        fields.add(cached == null ? "" : String.valueOf(call(cached, "isProgrammatic")));
        if (byModule) {
            fields.add(String.valueOf(call(identity, "getAuthType")));
            if (cached != null && call(cached, "getRoles") instanceof Collection<?> roles) {
                roles.stream().map(String::valueOf).sorted().forEach(fields::add);
            }
        }
        return fields;
    }

    private static @Nullable Object call(Object object, String method) throws ReflectiveOperationException {
        return object.getClass().getMethod(method).invoke(object);
    }

    /** Keeps a user. The time since a user is kept is not extended by later requests, so that groups are read again. */
    private synchronized void keep(String sessionId, String text, Object identity) {
        Kept before = users.get(sessionId);
        if (before == null || isOld(before) || !before.text().equals(text)) {
            removeOld();
            users.remove(sessionId);
            users.put(sessionId, new Kept(text, identity, nanos.getAsLong()));
        }
    }

    /** Removes old users, which come first. */
    private synchronized void removeOld() {
        Iterator<Kept> eldest = users.values().iterator();
        while (eldest.hasNext() && isOld(eldest.next())) {
            eldest.remove();
        }
    }

    /** Returns the number of users that this node keeps. */
    synchronized int size() {
        return users.size();
    }

    private boolean isOld(Kept kept) {
        Duration configured = refresh.get();
        Duration time = configured.isZero() ? KEPT : configured;
        return nanos.getAsLong() - kept.since() >= time.toNanos();
    }

    synchronized void forget(String sessionId) {
        users.remove(sessionId);
    }

    private synchronized @Nullable Object kept(String sessionId, String text) {
        Kept kept = users.get(sessionId);
        return kept != null && !isOld(kept) && kept.text().equals(text) ? kept.identity() : null;
    }

    /** Returns the user as Elytron expects it, or null if the user is not of this realm, or was logged out in the other mode. */
    @Nullable
    Object restored(
            String text,
            List<String> fields,
            String sessionId,
            Predicate<String> loggedIn,
            @Nullable HttpServerExchange exchange) {
        String user = fields.get(NAME);
        if (!realm.equals(fields.get(0)) || (!user.isEmpty() && !loggedIn.test(user))) {
            return null;
        }
        Object kept = kept(sessionId, text);
        if (kept != null) {
            return kept;
        }
        try {
            ClassLoader loader = loader(exchange);
            Object cached = user.isEmpty() ? null : cached(fields, loader);
            return fields.size() <= TYPE
                    ? cached
                    : Class.forName(CONTAINER, true, loader)
                            .getConstructor(Class.forName(CACHED, true, loader), String.class)
                            .newInstance(cached, fields.get(TYPE));
        } catch (ReflectiveOperationException | RuntimeException | LinkageError e) {
            LOG.log(System.Logger.Level.WARNING, "a user could not be restored from the session: {0}", e.toString());
            return null;
        }
    }

    private static Object cached(List<String> fields, ClassLoader loader) throws ReflectiveOperationException {
        Set<String> roles = fields.size() <= TYPE ? Set.of() : new HashSet<>(fields.subList(TYPE + 1, fields.size()));
        return Class.forName(CACHED, true, loader)
                .getConstructor(String.class, boolean.class, Principal.class, Set.class)
                .newInstance(
                        fields.get(MECHANISM),
                        Boolean.parseBoolean(fields.get(PROGRAMMATIC)),
                        new NamedPrincipal(fields.get(NAME)),
                        roles);
    }

    /** Only its name is used. */
    private record NamedPrincipal(String name) implements Principal {
        @Override
        public String getName() {
            return name;
        }
    }

    /** Returns a loader that finds the classes of Elytron, which an application need not see. */
    private static ClassLoader loader(@Nullable HttpServerExchange exchange) {
        SecurityContext security = exchange == null ? null : exchange.getSecurityContext();
        ClassLoader loader = security == null ? null : security.getClass().getClassLoader();
        return loader != null ? loader : Thread.currentThread().getContextClassLoader();
    }
}
