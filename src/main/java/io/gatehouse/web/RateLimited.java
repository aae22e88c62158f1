package io.gatehouse.web;

import jakarta.enterprise.util.Nonbinding;
import jakarta.interceptor.InterceptorBinding;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A method of a bean, or all methods of one, that takes tokens of rules each time it is called within a request. A call beyond a
 * limit throws {@link RateLimitExceeded}, and the request is answered 429.
 */
@Inherited
@InterceptorBinding
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.METHOD, ElementType.TYPE})
public @interface RateLimited {
    /** Names of rules; those that no rule has are ignored. */
    @Nonbinding
    String[] value();
}
