package io.gatehouse.internal.cache.cdi;

import jakarta.interceptor.InvocationContext;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Builds keys and tags from templates and the arguments of an intercepted call. */
final class CacheKeyTemplate {
    private static final Pattern ARGUMENT = Pattern.compile("\\{(\\d{1,2})}");

    private CacheKeyTemplate() {}

    /**
     * Returns the template with its placeholders replaced; an empty template stands for the method and all its arguments.
     *
     * @throws IllegalArgumentException if the call has no such argument, or if its type is not supported
     */
    static String fill(String template, InvocationContext call) {
        @Nullable Object[] arguments = call.getParameters();
        if (template.isEmpty()) {
            Method method = call.getMethod();
            return method.getDeclaringClass().getSimpleName()
                    + '.'
                    + method.getName()
                    + '('
                    + Arrays.stream(arguments)
                            .map(argument ->
                                    text(argument).replace("\\", "\\\\").replace(",", "\\,"))
                            .collect(Collectors.joining(","))
                    + ')';
        }
        return ARGUMENT.matcher(template).replaceAll(match -> {
            int index = Integer.parseInt(match.group(1));
            if (index >= arguments.length) {
                throw new IllegalArgumentException(
                        "The key " + template + " refers to an argument that " + call.getMethod() + " does not have");
            }
            return Matcher.quoteReplacement(text(arguments[index]));
        });
    }

    /** Returns each template with its placeholders replaced. */
    static List<String> fill(String[] templates, InvocationContext call) {
        return Arrays.stream(templates).map(template -> fill(template, call)).toList();
    }

    private static String text(@Nullable Object argument) {
        if (argument == null
                || argument instanceof CharSequence
                || argument instanceof Number
                || argument instanceof Boolean
                || argument instanceof Character
                || argument instanceof UUID) {
            return String.valueOf(argument);
        }
        if (argument instanceof Enum<?> constant) {
            return constant.name();
        }
        throw new IllegalArgumentException("An argument of " + argument.getClass()
                + " cannot be part of a cache key; expected a text, a number, a boolean,"
                + " a character, a UUID or an enum constant");
    }

    /**
     * Returns the annotation of the method, or else that of its class. Superclasses are searched because the proxy class of a bean
     * does not inherit annotations.
     */
    static <A extends Annotation> A binding(Class<A> type, InvocationContext call) {
        A binding = call.getMethod().getAnnotation(type);
        for (Class<?> at = call.getTarget().getClass(); binding == null && at != null; at = at.getSuperclass()) {
            binding = at.getAnnotation(type);
        }
        if (binding == null) {
            throw new IllegalStateException(call.getMethod() + " has no " + type.getSimpleName());
        }
        return binding;
    }
}
