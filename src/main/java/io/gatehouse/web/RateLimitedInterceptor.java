package io.gatehouse.web;

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

/** Charges calls of {@link RateLimited} methods. Made by CDI; safe for use by several threads. */
@Interceptor
@RateLimited({})
@Priority(Interceptor.Priority.LIBRARY_BEFORE)
public class RateLimitedInterceptor {
    @Inject
    Instance<HttpServletRequest> request;

    /**
     * Goes on if the rules allow.
     *
     * @throws RateLimitExceeded if not
     * @throws IllegalStateException outside of a request, where nothing tells what to count by
     */
    @AroundInvoke
    public @Nullable Object charge(InvocationContext call) throws Exception {
        List<String> rules = List.of(binding(call.getMethod(), call.getTarget()).value());
        Admission.of(request.get()).charge(rules);
        return call.proceed();
    }

    /** That of the method, else that of the class; CDI's subclass of a bean inherits it. */
    private static RateLimited binding(Method method, Object target) {
        RateLimited binding = method.getAnnotation(RateLimited.class);
        if (binding == null) {
            binding = target.getClass().getAnnotation(RateLimited.class);
        }
        if (binding == null) {
            binding = method.getDeclaringClass().getAnnotation(RateLimited.class);
        }
        if (binding == null) {
            throw new IllegalStateException(method + " is not rate limited by itself");
        }
        return binding;
    }
}
