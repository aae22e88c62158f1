package io.gatehouse.internal.oidc;

import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKMatcher;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.util.JSONObjectUtils;
import io.gatehouse.internal.warmup.OpenIdWarmupSource;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The keys of the OpenID provider, kept in memory for an hour. They are fetched earlier if a token names a key that is not among them,
 * but never more often than every 30 seconds, so that forged tokens cannot make this node flood the provider. One thread fetches at a
 * time. Thread-safe.
 */
final class ProviderKeys {
    private static final System.Logger LOG = System.getLogger(ProviderKeys.class.getName());
    private static final long MAX_AGE = Duration.ofHours(1).toNanos();
    private static final long MIN_INTERVAL = Duration.ofSeconds(30).toNanos();
    private static final int MAX_WAIT_SECONDS = 5;

    private final Source source;
    private final LongSupplier nanoTime;
    private final ReentrantLock fetching = new ReentrantLock();
    private volatile @Nullable Snapshot snapshot;
    private @Nullable Long lastAttempt;

    private record Snapshot(JWKSet keys, long fetchedAt) {}

    /** Fetches the keys. */
    @FunctionalInterface
    interface Source {
        /** Returns the keys, or throws any exception if they are not available. */
        JWKSet fetch() throws Exception;
    }

    ProviderKeys(Source source, LongSupplier nanoTime) {
        this.source = source;
        this.nanoTime = nanoTime;
    }

    /** Returns the keys of the settings if they have some, else those that the provider publishes. */
    static ProviderKeys of(OidcSettings settings, LongSupplier nanoTime) {
        if (!settings.keys().isEmpty()) {
            return new ProviderKeys(() -> JWKSet.parse(settings.keys()), nanoTime);
        }
        String issuer = settings.issuer().toString();
        OpenIdWarmupSource provider = new OpenIdWarmupSource(List.of(settings.issuer()), ProviderKeys::parse);
        return new ProviderKeys(() -> published(provider.load(issuer)), nanoTime);
    }

    private static Map<String, Object> parse(byte[] json) {
        try {
            return JSONObjectUtils.parse(new String(json, StandardCharsets.UTF_8));
        } catch (ParseException e) {
            throw new IllegalArgumentException("no JSON object", e);
        }
    }

    @SuppressWarnings("unchecked") // the parser reads objects as maps with names
    static JWKSet published(@Nullable Object provider) throws ParseException {
        if (provider instanceof Map<?, ?> parts && parts.get("jwks") instanceof Map<?, ?> jwks) {
            return JWKSet.parse((Map<String, Object>) jwks);
        }
        throw new ParseException("no JWK Set", 0);
    }

    /**
     * Returns the keys that may have signed a token.
     *
     * @throws LogoutRefusedException {@link LogoutOutcome#UNAVAILABLE} if the keys are not known
     */
    List<JWK> matching(JWSHeader header) throws LogoutRefusedException {
        JWKSelector selector = new JWKSelector(JWKMatcher.forJWSHeader(header));
        Snapshot known = snapshot;
        if (known != null && nanoTime.getAsLong() - known.fetchedAt() < MAX_AGE) {
            List<JWK> found = selector.select(known.keys());
            if (!found.isEmpty()) {
                return found;
            }
        }
        return selector.select(refreshed(known).keys());
    }

    private Snapshot refreshed(@Nullable Snapshot seen) throws LogoutRefusedException {
        boolean locked = false;
        try {
            locked = fetching.tryLock(MAX_WAIT_SECONDS, TimeUnit.SECONDS);
            if (!locked) {
                throw new LogoutRefusedException(LogoutOutcome.UNAVAILABLE);
            }
            Snapshot now = snapshot;
            if (now == null || (seen != null && now.fetchedAt() == seen.fetchedAt())) {
                now = fetch(now);
            }
            if (now == null || nanoTime.getAsLong() - now.fetchedAt() >= MAX_AGE) {
                throw new LogoutRefusedException(LogoutOutcome.UNAVAILABLE);
            }
            return now;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LogoutRefusedException(LogoutOutcome.UNAVAILABLE);
        } finally {
            if (locked) {
                fetching.unlock();
            }
        }
    }

    /** Returns new keys, or the known ones if the last attempt was a moment ago or this one fails. */
    private @Nullable Snapshot fetch(@Nullable Snapshot known) throws InterruptedException {
        long now = nanoTime.getAsLong();
        if (lastAttempt != null && now - lastAttempt < MIN_INTERVAL) {
            return known;
        }
        lastAttempt = now;
        try {
            Snapshot fetched = new Snapshot(source.fetch(), now);
            snapshot = fetched;
            return fetched;
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception | StackOverflowError e) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "the keys of the OpenID provider are not available: {0}",
                    e.toString());
            return known;
        }
    }
}
