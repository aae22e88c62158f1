package io.gatehouse.warming;

import java.util.Collection;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Knows entries of one scope. Applications have beans of it; built in are {@link SqlWarmupSource} and {@link
 * OpenIdWarmupSource}. Has to be safe for use by several threads; any exception counts as a failure and ends nothing else.
 */
public interface WarmupSource {
    String USER = "user";
    String OAUTH = "oauth";
    String ROLES = "roles";

    /** What it knows: {@code user}, {@code oauth}, {@code roles} or another region of the cache. The entries go there. */
    String scope();

    /** The keys to warm when nobody says which; it is closed after use, and no more is taken than may be warmed. */
    Stream<String> keys() throws Exception;

    /** The value of a key, or null if it has none. */
    @Nullable
    Object load(String key) throws Exception;

    /** The values of some keys, without those that have none; null, as by default, if keys can only be asked for one by one. */
    default @Nullable Map<String, Object> loadAll(Collection<String> keys) throws Exception {
        return null;
    }

    /** Everything it knows, where that costs less than asking for it by keys; null, as by default, where it does not. */
    default @Nullable Map<String, Object> everything() throws Exception {
        return null;
    }
}
