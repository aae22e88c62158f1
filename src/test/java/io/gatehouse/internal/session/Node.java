package io.gatehouse.internal.session;

import io.gatehouse.internal.config.Config;
import io.gatehouse.internal.config.ConfigSource;
import io.gatehouse.internal.redis.Pipeline;
import io.gatehouse.internal.redis.Redis;
import io.gatehouse.internal.serialization.ValueLimits;
import io.gatehouse.internal.session.TokenVerification.Verified;
import io.gatehouse.internal.session.store.ReplicaAcknowledgement;
import io.gatehouse.internal.session.store.UserIndex;
import io.gatehouse.internal.session.token.KeyNames;
import io.gatehouse.internal.signing.KeyRing;
import io.gatehouse.testing.App;
import io.gatehouse.testing.Keys;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The sessions of one node. Several nodes share one Redis. */
public final class Node {
    public static final String KEYS = "n1:" + App.randomKey();
    static final ClassLoader LOADER = Node.class.getClassLoader();

    final Redis redis;
    public final SessionRepository sessions;
    public final RedisSessionManager manager;

    Node(Redis redis) {
        this(redis, settings(false));
    }

    Node(Redis redis, SessionSettings settings) {
        this(redis, settings, SessionObserver.NONE);
    }

    public Node(Redis redis, SessionSettings settings, SessionObserver observer) {
        this(redis, settings, observer, KEYS);
    }

    Node(Redis redis, SessionSettings settings, SessionObserver observer, String keys) {
        this(redis, settings, observer, keys, SaveObserver.NONE);
    }

    Node(Redis redis, SessionSettings settings, SessionObserver observer, String keys, SaveObserver saves) {
        this.redis = redis;
        this.sessions =
                new SessionRepository(settings, Keys.ring(keys), redis, null, InstantSource.system(), observer, saves);
        this.manager = sessions.manager();
    }

    public static SessionSettings settings(boolean encrypt) {
        return settings(encrypt, Map.of());
    }

    /** Creates a node with settings. New sessions have the usual idle timeout unless a test sets another one. */
    static SessionSettings settings(boolean encrypt, Map<String, String> lifetimes) {
        Map<String, String> values = new HashMap<>(Map.of("GATEHOUSE_SESSION_NEW_TIMEOUT", "0"));
        values.putAll(lifetimes);
        Config config = new Config(List.of(ConfigSource.of("test", values)));
        SessionLifetimes read = SessionLifetimes.from(config);
        SessionLimit.Rule limit = SessionLimit.Rule.from(config);
        config.throwIfBroken();
        return new SessionSettings(
                "app",
                "gatehouse",
                read,
                limit,
                Duration.ofHours(1),
                encrypt,
                SessionSettings.Serialization.SIGNED,
                List.of(),
                List.of(),
                SessionSettings.NotStorablePolicy.REFUSE,
                List.of(),
                true,
                ValueLimits.DEFAULT,
                config.read(SessionSettings.MAX_BYTES),
                ReplicaAcknowledgement.from(config),
                ReplicaAcknowledgement.isForAll(config),
                config.read(SessionSettings.READS));
    }

    Session create() {
        return sessions.create(1800, Map.of());
    }

    /** Opens the session of a token. The caller must release it. */
    @Nullable
    public Session open(String token) {
        if (!(sessions.verify(List.of(token)) instanceof Verified verified)) {
            return null;
        }
        Pipeline pipeline = new Pipeline();
        try (SessionOpening opening = sessions.open(verified.ticket(), pipeline)) {
            redis.send(pipeline);
            return opening.session();
        }
    }

    public Session mustOpen(String token) {
        Session session = open(token);
        if (session == null) {
            throw new AssertionError("no session");
        }
        return session;
    }

    /** Removes a session from the index of its user, as if a master had crashed before it replicated the entry. */
    void loseFromIndex(Session session) {
        KeyRing ring = Keys.ring(KEYS);
        new UserIndex(ring, new KeyNames(ring, "gatehouse", "app"))
                .remove(session.user(), session.keys())
                .forEach(redis::send);
    }

    /** Runs a request that sets one attribute. */
    void set(String token, String name, Object value) {
        Session session = mustOpen(token);
        try {
            session.setAttribute(name, value);
            sessions.save(session);
        } finally {
            sessions.release(session);
        }
    }

    /** Runs a request that reads one attribute. */
    @Nullable
    Object get(String token, String name) {
        Session session = mustOpen(token);
        Object value = session.attribute(name, LOADER);
        sessions.save(session);
        sessions.release(session);
        return value;
    }

    /** Stores a new session with attributes and returns its token. */
    public String stored(Object... namesAndValues) {
        Session session = create();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            session.setAttribute((String) namesAndValues[i], namesAndValues[i + 1]);
        }
        sessions.save(session);
        sessions.release(session);
        return sessions.token(session);
    }
}
