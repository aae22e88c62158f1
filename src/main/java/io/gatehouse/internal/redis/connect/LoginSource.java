package io.gatehouse.internal.redis.connect;

import io.gatehouse.RedisCredentials;
import io.gatehouse.RedisCredentialsProvider;
import io.gatehouse.RedisUnavailableException;
import io.gatehouse.RedisUnavailableException.Reason;
import io.gatehouse.internal.config.Secret;
import io.gatehouse.internal.redis.ExceptionTranslator;
import io.gatehouse.internal.redis.RedisEndpoint;
import io.gatehouse.internal.redis.RedisLogin;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.exceptions.JedisException;

/**
 * The login to one server, which changes while connections are open: by a new password file, or because a token expires. Each
 * connection remembers the login that it used, and is authenticated again before its next exchange when {@link #current} is
 * another one. A login that the server refuses is not used while an accepted one is known, and is tried again later: the file
 * and the server cannot change at the same moment. Thread-safe.
 */
final class LoginSource {
    private static final System.Logger LOG = System.getLogger(LoginSource.class.getName());

    /** How long after a refusal a login is tried again, and a failed provider is asked again. */
    private static final Duration RETRY_DELAY = Duration.ofSeconds(5);

    /** How long a provider may take before it is reported. It is not asked again meanwhile. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final String name;
    private final RedisEndpoint redisEndpoint;
    private final InstantSource clock;
    private final Executor executor;
    private final Duration firstWait;
    private volatile @Nullable RedisLogin newest;
    private volatile @Nullable RedisLogin refused;
    private @Nullable RedisLogin accepted;
    private Instant retryAt = Instant.EPOCH;
    private Instant askAt = Instant.EPOCH;
    private Instant askedAt = Instant.EPOCH;
    private CountDownLatch answered = new CountDownLatch(0);
    private boolean warned;

    /**
     * @param name the purposes of the server, for messages
     * @param executor runs the provider, which may block
     * @param firstWait how long a connection waits for the first credentials of a provider
     */
    LoginSource(String name, RedisEndpoint redisEndpoint, InstantSource clock, Executor executor, Duration firstWait) {
        this.name = name;
        this.redisEndpoint = redisEndpoint;
        this.clock = clock;
        this.executor = executor;
        this.firstWait = firstWait;
        if (redisEndpoint.provider() == null) {
            newest = redisEndpoint.login().get();
        }
    }

    /**
     * Returns the login for new connections and for the next exchange of live ones. Waits only for the first credentials of a
     * provider.
     *
     * @throws JedisException if a provider has not given credentials yet
     */
    RedisLogin current() {
        RedisLogin login = newest;
        if (login == null) {
            return awaitFirst();
        }
        return login == refused ? currentAfterRefusal() : login;
    }

    private synchronized RedisLogin currentAfterRefusal() {
        RedisLogin login = Objects.requireNonNull(newest); // was set before a login could be refused
        RedisLogin previous = accepted;
        return login == refused && previous != null && clock.instant().isBefore(retryAt) ? previous : login;
    }

    /** Waits outside of the monitor, because a virtual thread would keep its carrier thread there before JDK 24. */
    private RedisLogin awaitFirst() {
        try {
            boolean unused = askWhenDue().await(firstWait.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new JedisException("interrupted while waiting for credentials for Redis", e);
        }
        RedisLogin first = newest;
        if (first == null) {
            throw new JedisException("no credentials for Redis yet; the provider is asked again soon");
        }
        return first;
    }

    /**
     * Returns whether a connection with a login can still be used. A server closes connections whose token has expired; but
     * without a newer token, another connection would be no better.
     */
    boolean isUsable(RedisLogin login) {
        Instant expiresAt = login.expiresAt();
        return expiresAt == null || clock.instant().isBefore(expiresAt) || login == current();
    }

    /** Returns whether a connection that cannot be authenticated again must be replaced, because its token will expire. */
    boolean mustReplace(RedisLogin login) {
        return login.expiresAt() != null && login != current();
    }

    /**
     * Opens a connection with the current login, and if the server refuses that, with another one that is known.
     *
     * @param opening opens a connection with a login
     * @throws JedisException if no connection can be opened
     */
    <C> C connect(Function<RedisLogin, C> opening) {
        RedisLogin first = current();
        try {
            return connect(opening, first);
        } catch (JedisException e) {
            if (ExceptionTranslator.thrown(e).reason() != Reason.DENIED) {
                throw e;
            }
            refused(first);
            refresh(); // the file may have changed a moment ago
            RedisLogin second = current();
            if (second == first) {
                throw e;
            }
            return connect(opening, second);
        }
    }

    private <C> C connect(Function<RedisLogin, C> opening, RedisLogin login) {
        C connection = opening.apply(login);
        accepted(login);
        return connection;
    }

    /** Records that the server accepted a login. */
    void accepted(RedisLogin login) {
        if (login != accepted) {
            recordAccepted(login);
        }
    }

    private synchronized void recordAccepted(RedisLogin login) {
        boolean changed = accepted != null && accepted != login;
        accepted = login;
        if (login == newest) {
            refused = null;
            if (changed) {
                LOG.log(Level.INFO, "Redis for {0} accepted the new password or token.", name);
            }
        }
    }

    /** Records that the server refused a login. A provider is then asked again, at most every five seconds. */
    synchronized void refused(RedisLogin login) {
        Instant nextAsk = askedAt.plus(RETRY_DELAY);
        if (login == newest && nextAsk.isBefore(askAt)) {
            askAt = nextAsk;
        }
        if (login == newest && accepted != null && accepted != login) {
            if (refused != login) {
                LOG.log(
                        Level.WARNING,
                        "Redis for {0} refused the new password or token. The previous one stays in use; the new one is tried"
                                + " again every {1} seconds.",
                        name,
                        RETRY_DELAY.toSeconds());
            }
            refused = login;
            retryAt = clock.instant().plus(RETRY_DELAY);
        } else if (login == accepted) {
            accepted = null; // the server has changed, so that the newest is the better one
            refused = null;
        }
    }

    /** Looks for a new login. Called about once a second, and after a refusal; reads files. */
    void refresh() {
        if (redisEndpoint.provider() == null) {
            adopt(redisEndpoint.login().get());
        } else {
            CountDownLatch unused = askWhenDue();
        }
    }

    private synchronized void adopt(RedisLogin read) {
        RedisLogin before = newest;
        if (before == null || read.isSameAs(before)) {
            warned = false;
        } else if (read.password().isEmpty()) {
            warnOnce("The password of Redis for " + name + " is empty now; the previous one stays in use.", null);
        } else {
            newest = read;
            warned = false;
        }
    }

    /** Asks the provider for credentials if they are due. Returns a latch that opens when it has answered or failed. */
    private synchronized CountDownLatch askWhenDue() {
        RedisCredentialsProvider provider = redisEndpoint.provider();
        Instant now = clock.instant();
        if (asking() && now.isAfter(askedAt.plus(PATIENCE))) {
            warnOnce(
                    "The provider of credentials for Redis for " + name + " has not answered for "
                            + PATIENCE.toSeconds() + " seconds; the previous ones stay in use.",
                    null);
        }
        if (provider == null || asking() || now.isBefore(askAt)) {
            return answered;
        }
        answered = new CountDownLatch(1);
        askedAt = now;
        try {
            executor.execute(() -> ask(provider));
        } catch (RejectedExecutionException | RedisUnavailableException e) {
            answered.countDown(); // all threads are busy; the next refresh tries again
        }
        return answered;
    }

    private boolean asking() {
        return answered.getCount() > 0;
    }

    private void ask(RedisCredentialsProvider provider) {
        try {
            RedisCredentials given = provider.credentials();
            received(new RedisLogin(given.user(), new Secret(given.password()), given.expiresAt()));
        } catch (Exception | Error e) {
            failed(e);
        }
    }

    private synchronized void received(RedisLogin login) {
        Instant expiresAt = login.expiresAt();
        RedisLogin before = newest;
        if (before == null || !login.isSameAs(before) || !Objects.equals(expiresAt, before.expiresAt())) {
            newest = login; // otherwise the provider keeps tokens, and connections need not be authenticated again
        }
        askAt = expiresAt == null
                ? Instant.MAX
                : max(
                        askedAt.plus(Duration.between(askedAt, expiresAt)
                                .multipliedBy(4)
                                .dividedBy(5)),
                        askedAt.plus(RETRY_DELAY));
        warned = false;
        answered.countDown();
    }

    private static Instant max(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }

    private synchronized void failed(Throwable e) {
        askAt = askedAt.plus(RETRY_DELAY);
        warnOnce(
                "The provider of credentials for Redis for " + name + " failed; it is asked again every "
                        + RETRY_DELAY.toSeconds() + " seconds.",
                e);
        answered.countDown();
    }

    private void warnOnce(String message, @Nullable Throwable e) {
        if (!warned) {
            warned = true;
            LOG.log(Level.WARNING, message, e);
        }
    }
}
