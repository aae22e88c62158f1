package io.gatehouse.ratelimit;

import jakarta.enterprise.util.Nonbinding;
import jakarta.interceptor.InterceptorBinding;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Charges rate-limit rules each time a CDI bean's method is called within a request. On a class it applies to all methods. A
 * call beyond a limit throws {@link RateLimitExceededException}; uncaught, the request is answered 429.
 *
 * <pre>{@code
 * @RateLimited("reports")
 * public Report create(Order order) {
 *     return render(order);
 * }
 * }</pre>
 *
 * <p>As with every CDI interceptor, a call within the same bean is not intercepted. Outside of a request the method throws
 * {@link IllegalStateException}.
 */
@Inherited
@InterceptorBinding
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.METHOD, ElementType.TYPE})
public @interface RateLimited {
    /** Returns the names of the rules; unknown names are ignored. */
    @Nonbinding
    String[] value();
}
