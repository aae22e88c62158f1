package io.gatehouse.warmup;

import java.util.Collection;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Provides the entries of one scope for cache warmup. Applications implement it as a CDI bean. Implementations must be
 * thread-safe; an exception counts as a failure and does not stop the run.
 *
 * <pre>{@code
 * @ApplicationScoped
 * public class ProductSource implements WarmupSource {
 *     @Inject
 *     Products products;
 *
 *     public String scope() {
 *         return "product"; // a region of the cache
 *     }
 *
 *     public Stream<String> keys() {
 *         return products.bestSellers().map(Product::number);
 *     }
 *
 *     public Object load(String key) {
 *         return products.find(key);
 *     }
 * }
 * }</pre>
 */
public interface WarmupSource {
    /** The scope of user data. */
    String USER = "user";
    /** The scope of the OpenID Connect providers. */
    String OAUTH = "oauth";
    /** The scope of roles. */
    String ROLES = "roles";

    /** Returns the scope, which is also the region of the cache that receives the entries. */
    String scope();

    /**
     * Returns the keys to warm in a run without keys of its own. The caller closes the stream and reads no more keys than {@code
     * GATEHOUSE_WARM_MAX_ROWS}.
     *
     * @throws Exception if the source fails as a whole
     */
    Stream<String> keys() throws Exception;

    /**
     * Returns the value of a key, or null if the key has no value.
     *
     * @throws Exception if the key fails
     */
    @Nullable
    Object load(String key) throws Exception;

    /**
     * Returns the values of some keys, without the keys that have none. Null, the default, if the source loads keys one by one.
     *
     * @throws Exception if all of these keys fail
     */
    default @Nullable Map<String, Object> loadAll(Collection<String> keys) throws Exception {
        return null;
    }

    /**
     * Returns all entries, if that is cheaper than loading them by key. Null, the default, if it is not.
     *
     * @throws Exception if the source fails as a whole
     */
    default @Nullable Map<String, Object> loadEverything() throws Exception {
        return null;
    }
}
