package io.gatehouse.intercept;

import jakarta.enterprise.util.Nonbinding;
import jakarta.interceptor.InterceptorBinding;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A method of a bean after which something is taken out of the cache, on all nodes; not if it throws. If Redis cannot be told, the
 * caller gets {@link io.gatehouse.redis.RedisUnavailable}, although the method has run.
 */
@InterceptorBinding
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.METHOD, ElementType.TYPE})
public @interface InvalidatesCache {
    /** The region of the key. */
    @Nonbinding
    String region() default "default";

    /** The key to take out, written as that of {@link Cached#key}; none if empty. */
    @Nonbinding
    String key() default "";

    /** Tags whose entries to take out, in every region. */
    @Nonbinding
    String[] tags() default {};
}
