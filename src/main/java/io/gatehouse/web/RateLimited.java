package io.gatehouse.web;

import jakarta.enterprise.util.Nonbinding;
import jakarta.interceptor.InterceptorBinding;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a bean method, or all methods of a bean class, whose calls within a request are charged to rate limit rules. A call that a
 * rule refuses throws {@link RateLimitExceeded}, and the filter answers 429.
 */
@Inherited
@InterceptorBinding
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.METHOD, ElementType.TYPE})
public @interface RateLimited {
    /** The names of the rules. Unknown names are ignored. */
    @Nonbinding
    String[] value();
}
