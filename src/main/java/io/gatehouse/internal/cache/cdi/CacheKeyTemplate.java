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

/** Keys and tags that are made of a call's arguments. */
final class CacheKeyTemplate {
    private static final Pattern ARGUMENT = Pattern.compile("\\{(\\d{1,2})}");

    private CacheKeyTemplate() {}

    /** @throws IllegalArgumentException if the template names an argument that is not there or has no text of its own */
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
                        "the key " + template + " names an argument that " + call.getMethod() + " has not");
            }
            return Matcher.quoteReplacement(text(arguments[index]));
        });
    }

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
        throw new IllegalArgumentException(
                "an argument of class " + argument.getClass().getName() + " is no part of a cache key");
    }

    /** The annotation of a method, else that of its class; CDI's subclass of a bean inherits neither. */
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
