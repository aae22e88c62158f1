package io.gatehouse.internal.springsession;

import io.gatehouse.GatehouseException;
import io.gatehouse.RedisUnavailableException;
import io.gatehouse.internal.redis.Redis;
import io.gatehouse.internal.serialization.UnsignedValueReader;
import io.gatehouse.internal.serialization.ValueLimits;
import io.gatehouse.internal.session.ForeignSession;
import io.gatehouse.internal.session.Session;
import io.gatehouse.internal.session.SessionAdoption;
import io.gatehouse.internal.session.SessionSettings;
import io.gatehouse.internal.session.token.VerifiedToken;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Imports sessions of Spring Session, so that users stay logged in when their application moves to Gatehouse. Thread-safe.
 *
 * <p>An import has three steps. The request claims the record, so that no other request in the cluster imports it. It stores the
 * session under a new id. It then removes the record, unless it has lost its claim, in which case it removes its own session again. If
 * it fails before the last step, the record stays and can be imported later.
 *
 * <p>Parallel requests of the same browser have only the old cookie as well. They wait for the import, and for half a minute after it the
 * claim leads them to the session. The old cookie opens nothing after that, or as soon as the id of the session has changed.
 *
 * <p>Records of Spring Session are not signed, and neither is its cookie. A client who can write to Redis can forge a session here.
 */
public final class SpringSessionImporter {
    private static final System.Logger LOG = System.getLogger(SpringSessionImporter.class.getName());

    /** Spring Session writes several cookies only if the application has changed their path. */
    private static final int MOST_COOKIES = 3;

    private static final ValueLimits LIMITS = new ValueLimits(300, 1_000_000, 4 << 20);
    private static final Duration WAIT = Duration.ofSeconds(3);
    private static final Duration PAUSE = Duration.ofMillis(20);

    /** Warnings of more different attributes would hide those of the first ones. */
    private static final int MOST_WARNINGS = 50;

    private static final String OWN_ATTRIBUTES = "io.gatehouse.";
    private static final Set<String> TAKEN_OVER =
            Set.of(Session.REMEMBER_ATTRIBUTE, Session.PROVIDER_SESSION_ATTRIBUTE);

    private final SpringSessionSettings settings;
    private final SpringSessionStore store;
    private final SessionAdoption adoption;
    private final UnsignedValueReader values;
    private final ImportCounters counters;
    private final InstantSource clock;
    private final LongSupplier nanoTime;
    private final Set<String> warnings = ConcurrentHashMap.newKeySet();

    public SpringSessionImporter(
            SpringSessionSettings settings,
            SessionSettings sessions,
            Redis redis,
            SessionAdoption adoption,
            ImportCounters counters,
            InstantSource clock,
            LongSupplier nanoTime) {
        this.settings = settings;
        this.store = new SpringSessionStore(redis, sessions.keyPrefix(), settings.namespace(), sessions.maxBytes());
        this.adoption = adoption;
        this.values = new UnsignedValueReader(settings.classes(), LIMITS);
        this.counters = counters;
        this.clock = clock;
        this.nanoTime = nanoTime;
    }

    /** Returns the name of the cookie of Spring Session. */
    public String cookie() {
        return settings.cookie();
    }

    /** Logs that the import is enabled, because it accepts records that are not signed. */
    public void warn() {
        LOG.log(
                System.Logger.Level.WARNING,
                "sessions of Spring Session are imported, although their records are not signed; {0}",
                settings.until()
                        .map(end -> isOver() ? "this has ended at " + end : "this ends at " + end)
                        .orElse(
                                "set GATEHOUSE_IMPORT_SPRING_SESSION_UNTIL to a date, or GATEHOUSE_IMPORT_SPRING_SESSION"
                                        + " to False after the migration"));
    }

    private boolean isOver() {
        return settings.until().filter(end -> !clock.instant().isBefore(end)).isPresent();
    }

    /**
     * Imports the session that the cookie of a request names, unless another request has just done so. No round trip if there is no such
     * cookie; one if it has no record; four to six for an import.
     *
     * @param cookieValues the values of the cookie in the request
     * @param loader finds the classes of attribute values
     * @param details properties of the new session for lists of sessions
     * @return a token that opens the session, or null if there is none
     * @throws RedisUnavailableException if Redis is unavailable, or another request imports the session and does not finish
     */
    public @Nullable VerifiedToken find(
            List<String> cookieValues, ClassLoader loader, Supplier<Map<String, String>> details) {
        if (cookieValues.isEmpty() || isOver()) {
            return null;
        }
        for (String value : cookieValues.subList(0, Math.min(cookieValues.size(), MOST_COOKIES))) {
            String uuid = SpringCookie.uuid(value);
            if (uuid == null) {
                counters.count(ImportOutcome.MALFORMED);
                continue;
            }
            VerifiedToken token = findOrFail(uuid, loader, details);
            if (token != null) {
                return token;
            }
        }
        return null;
    }

    private @Nullable VerifiedToken findOrFail(String uuid, ClassLoader loader, Supplier<Map<String, String>> details) {
        try {
            return find(uuid, loader, details);
        } catch (GatehouseException e) {
            counters.count(ImportOutcome.UNAVAILABLE);
            throw e;
        }
    }

    private @Nullable VerifiedToken find(String uuid, ClassLoader loader, Supplier<Map<String, String>> details) {
        String kid = adoption.currentKid();
        long end = nanoTime.getAsLong() + WAIT.toNanos();
        do {
            String random = UUID.randomUUID().toString();
            String claim = kid + '.' + random;
            SpringSessionStore.Taken taken = store.take(uuid, claim);
            if (taken instanceof SpringSessionStore.Claimed claimed) {
                VerifiedToken token = adoption.token(kid, uuid, random);
                ImportOutcome outcome = token == null
                        ? ImportOutcome.UNREADABLE
                        : adoptOrRelease(new Importing(uuid, claim, token), claimed.fields(), loader, details);
                if (outcome != ImportOutcome.JOINED) {
                    counters.count(outcome);
                    return outcome == ImportOutcome.IMPORTED ? token : null;
                }
            } else if (taken instanceof SpringSessionStore.Imported imported) {
                counters.count(ImportOutcome.JOINED);
                return tokenOf(uuid, imported.claim());
            } else if (!(taken instanceof SpringSessionStore.Busy)) {
                boolean missing = taken instanceof SpringSessionStore.Missing;
                counters.count(missing ? ImportOutcome.MISSING : ImportOutcome.UNREADABLE);
                return null;
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        } while (nanoTime.getAsLong() - end < 0 && !Thread.currentThread().isInterrupted()); // it would not pause
        throw new RedisUnavailableException(
                RedisUnavailableException.Reason.BUSY,
                "another request has been importing the same session for " + WAIT.toSeconds() + " seconds",
                null);
    }

    private @Nullable VerifiedToken tokenOf(String uuid, String claim) {
        int dot = claim.lastIndexOf('.');
        return dot < 0 ? null : adoption.token(claim.substring(0, dot), uuid, claim.substring(dot + 1));
    }

    /** A claimed record, and the token of the session that it becomes. */
    private record Importing(String uuid, String claim, VerifiedToken token) {}

    /** Imports a claimed record; {@link ImportOutcome#JOINED} if the claim was lost, and the caller must look again. */
    private ImportOutcome adoptOrRelease(
            Importing importing,
            Map<String, byte[]> fields,
            ClassLoader loader,
            Supplier<Map<String, String>> details) {
        boolean kept = true;
        try {
            ImportOutcome outcome = adopt(importing, fields, loader, details);
            kept = outcome != ImportOutcome.IMPORTED && outcome != ImportOutcome.JOINED;
            return outcome;
        } finally {
            if (kept) {
                release(importing);
            }
        }
    }

    private void release(Importing importing) {
        try {
            store.release(importing.uuid(), importing.claim());
        } catch (GatehouseException e) {
            LOG.log(System.Logger.Level.DEBUG, "a record can be imported again only in some seconds", e);
        }
    }

    private ImportOutcome adopt(
            Importing importing,
            Map<String, byte[]> fields,
            ClassLoader loader,
            Supplier<Map<String, String>> details) {
        SpringSessionRecord stored = SpringSessionRecord.of(fields, values, loader);
        if (stored == null) {
            return ImportOutcome.UNREADABLE;
        }
        long now = clock.millis();
        if (stored.isExpired(now)) {
            return ImportOutcome.EXPIRED;
        }
        Map<String, Object> attributes = new HashMap<>(stored.values(values, loader, this::leaveOut));
        if (stored.attributes().containsKey(SpringLogin.SECURITY_CONTEXT)
                && !attributes.containsKey(SpringLogin.SECURITY_CONTEXT)) {
            return ImportOutcome.LOGIN_UNREADABLE;
        }
        String user = SpringLogin.user(attributes);
        attributes.keySet().removeIf(name -> name.startsWith(OWN_ATTRIBUTES) && !TAKEN_OVER.contains(name));
        ForeignSession session = new ForeignSession(
                Math.min(stored.createdAt(), now), Math.max(0, stored.idleSeconds()), user, attributes, details.get());
        SessionAdoption.Outcome outcome = adoption.adopt(
                importing.token(),
                session,
                name -> leaveOut(name, "it does not fit into the session, or cannot be stored"),
                () -> store.finish(importing.uuid(), importing.claim()));
        return switch (outcome) {
            case STORED -> ImportOutcome.IMPORTED;
            case WITHDRAWN -> ImportOutcome.JOINED;
            case REVOKED -> ImportOutcome.REVOKED;
            case NO_PLACE -> ImportOutcome.NO_PLACE;
        };
    }

    private void leaveOut(String attribute, String why) {
        counters.countAttributeLeftOut();
        String warning = "attribute " + attribute + " of a session of Spring Session is not imported: " + why;
        boolean isNew = warnings.size() < MOST_WARNINGS && warnings.add(warning);
        LOG.log(isNew ? System.Logger.Level.WARNING : System.Logger.Level.DEBUG, warning);
    }
}
