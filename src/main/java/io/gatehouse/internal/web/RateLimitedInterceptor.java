package io.gatehouse.internal.web;

import io.gatehouse.ratelimit.RateLimitExceededException;
import io.gatehouse.ratelimit.RateLimited;
import jakarta.annotation.Priority;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.interceptor.AroundInvoke;
import jakarta.interceptor.Interceptor;
import jakarta.interceptor.InvocationContext;
import jakarta.servlet.http.HttpServletRequest;
import java.lang.reflect.Method;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The CDI interceptor that charges calls of {@link RateLimited} methods. Thread-safe. */
@Interceptor
@RateLimited({})
@Priority(Interceptor.Priority.LIBRARY_BEFORE)
public class RateLimitedInterceptor {
    @Inject
    Instance<HttpServletRequest> request;

    /**
     * Calls the method if the rules allow it.
     *
     * @throws RateLimitExceededException if a rule refuses the call
     * @throws IllegalStateException if the call is not part of a request, which determines the counters
     */
    @AroundInvoke
    public @Nullable Object charge(InvocationContext call) throws Exception {
        List<String> rules = List.of(binding(call.getMethod(), call.getTarget()).value());
        Admission.of(request.get()).charge(rules);
        return call.proceed();
    }

    /** Returns the annotation of the method, else that of the class. The subclass that CDI makes of a bean inherits it. */
    private static RateLimited binding(Method method, Object target) {
        RateLimited binding = method.getAnnotation(RateLimited.class);
        if (binding == null) {
            binding = target.getClass().getAnnotation(RateLimited.class);
        }
        if (binding == null) {
            binding = method.getDeclaringClass().getAnnotation(RateLimited.class);
        }
        if (binding == null) {
            throw new IllegalStateException("expected @RateLimited on " + method + " or its class");
        }
        return binding;
    }
}
