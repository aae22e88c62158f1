package io.gatehouse.cache;

import jakarta.enterprise.util.Nonbinding;
import jakarta.interceptor.InterceptorBinding;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Invalidates cache entries on all nodes after a CDI bean's method has returned; a method that throws invalidates nothing. If
 * Redis does not answer in time, the caller gets {@link io.gatehouse.RedisUnavailableException} although the method has run.
 *
 * <pre>{@code
 * @InvalidatesCache(region = "user", key = "{0}")
 * public void rename(String id, String name) {
 *     directory.rename(id, name);
 * }
 * }</pre>
 */
@InterceptorBinding
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.METHOD, ElementType.TYPE})
public @interface InvalidatesCache {
    /** Returns the region of the key. */
    @Nonbinding
    String region() default "default";

    /** Returns the key to remove, in the form of {@link Cached#key}; empty for none. */
    @Nonbinding
    String key() default "";

    /** Returns the tags whose entries are removed, in every region. */
    @Nonbinding
    String[] tags() default {};
}
