package io.gatehouse.warmup;

import java.util.Collection;
import java.util.concurrent.CompletableFuture;

/**
 * Fills the cache before callers ask for the values: by scope, by key, or by usage. It takes the values from the {@link
 * WarmupSource} beans of the application and from the built-in SQL and OpenID Connect sources. A run respects the configured
 * rate and deadline; what fails is counted in the report and does not stop the run. Thread-safe; concurrent runs are
 * independent of each other.
 *
 * <pre>{@code
 * @Inject
 * Warmer warmer;
 *
 * WarmupReport report = warmer.warmUserData(List.of("user1", "user2"));
 * warmer.warmOauthProvidersAsync().thenAccept(done -> log.info(done.warmed() + " entries"));
 * }</pre>
 *
 * <p>The methods that end in {@code Async} return at once. Their future fails with a {@link
 * io.gatehouse.GatehouseException} if the application stops or all workers are busy.
 */
public interface Warmer {

    /** Warms the data of some users: the keys of the scope {@code user}. */
    WarmupReport warmUserData(Collection<String> ids);

    /** Warms the configuration and the keys of the OpenID Connect providers: the scope {@code oauth}. */
    WarmupReport warmOauthProviders();

    /** Warms the scope {@code roles}. */
    WarmupReport warmRoles();

    /** Warms every scope of every source. */
    WarmupReport warmAll();

    /** Warms the most used keys of a region, the most used first. */
    WarmupReport warmMostUsed(String region);

    /** Starts {@link #warmUserData} in another thread. */
    CompletableFuture<WarmupReport> warmUserDataAsync(Collection<String> ids);

    /** Starts {@link #warmOauthProviders} in another thread. */
    CompletableFuture<WarmupReport> warmOauthProvidersAsync();

    /** Starts {@link #warmRoles} in another thread. */
    CompletableFuture<WarmupReport> warmRolesAsync();

    /** Starts {@link #warmAll} in another thread. */
    CompletableFuture<WarmupReport> warmAllAsync();

    /** Starts {@link #warmMostUsed} in another thread. */
    CompletableFuture<WarmupReport> warmMostUsedAsync(String region);
}
