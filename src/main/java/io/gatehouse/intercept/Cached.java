package io.gatehouse.intercept;

import jakarta.enterprise.util.Nonbinding;
import jakarta.interceptor.InterceptorBinding;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A method of a bean whose results are cached: it is called where the cache has no result, in the caller's thread. What it throws
 * reaches the caller, unless an older result may be used.
 */
@InterceptorBinding
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.METHOD, ElementType.TYPE})
public @interface Cached {
    /** The region of the cache. */
    @Nonbinding
    String region() default "default";

    /**
     * The key, in which <code>{0}</code> stands for the first argument; without one it is the method's name and all arguments.
     * Arguments are texts, numbers, booleans, characters, UUIDs or constants of enums.
     */
    @Nonbinding
    String key() default "";

    /** Tags by which a result can be invalidated, with arguments as in the key. */
    @Nonbinding
    String[] tags() default {};
}
