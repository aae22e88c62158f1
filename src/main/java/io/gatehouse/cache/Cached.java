package io.gatehouse.cache;

import jakarta.enterprise.util.Nonbinding;
import jakarta.interceptor.InterceptorBinding;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Caches the results of a CDI bean's method, or of all its methods. If the cache has no result, the method runs in the calling
 * thread, with its transaction. An exception of the method reaches the caller, unless a stale result may be returned.
 *
 * <pre>{@code
 * @Cached(region = "user", key = "{0}", tags = "team:{1}", ttl = "5m")
 * public User find(String id, String team) {
 *     return directory.find(id);
 * }
 * }</pre>
 *
 * <p>As with every CDI interceptor, a call within the same bean is not intercepted.
 */
@InterceptorBinding
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.METHOD, ElementType.TYPE})
public @interface Cached {
    /** Returns the region of the cache. */
    @Nonbinding
    String region() default "default";

    /**
     * Returns the key; <code>{0}</code> stands for the first argument. An empty key stands for the name of the method and all its
     * arguments. Arguments must be texts, numbers, booleans, characters, UUIDs or enum constants.
     */
    @Nonbinding
    String key() default "";

    /** Returns the tags by which a result can be invalidated, with arguments as in the key. */
    @Nonbinding
    String[] tags() default {};

    /**
     * Returns how long a result is kept: a number with {@code ms}, {@code s}, {@code m}, {@code h} or {@code d}, as in the settings
     * of a region; a number alone is seconds. Empty for the setting of the region. A call throws {@link IllegalArgumentException}
     * if it is anything else, or not between 1 ms and 366 days.
     */
    @Nonbinding
    String ttl() default "";
}
