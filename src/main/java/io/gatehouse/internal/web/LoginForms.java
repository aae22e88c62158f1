package io.gatehouse.internal.web;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletRegistration;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The guarded login forms of an application. A request that reaches the servlet of a form, under any path, is a login attempt. Its
 * body is read here first, for the account that was typed, and buffered for the application. Thread-safe.
 */
final class LoginForms {
    private static final String ATTRIBUTE = LoginForms.class.getName();

    /** The methods of requests for the page of the form. Such a request is no attempt if it names no account. */
    private static final Set<String> SAFE = Set.of("GET", "HEAD", "OPTIONS", "TRACE");

    private final List<LoginForm> forms;
    private final int longestBody;
    private final ServletContext context;
    /** The names of the servlets that serve each form; found at the first request, when every servlet is mapped. */
    private volatile @Nullable Map<LoginForm, Set<String>> servlets;

    LoginForms(List<LoginForm> forms, int longestBody, ServletContext context) {
        this.forms = forms;
        this.longestBody = longestBody;
        this.context = context;
    }

    /** Returns whether a request reaches the servlet of a form, with any content. */
    boolean matches(HttpServletRequest request) {
        return !forms.isEmpty()
                && request.getDispatcherType() == DispatcherType.REQUEST
                && reachesAny(request, path(request));
    }

    private boolean reachesAny(HttpServletRequest request, String path) {
        for (LoginForm form : forms) {
            if (certainlyReaches(request, path, form) || reaches(request, path, form)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Reads the typed accounts, if the request reaches a form; {@link #typed} returns them afterwards.
     *
     * @return the request for the application, with a body that can be read
     * @throws IOException if the client does not send the body
     */
    HttpServletRequest read(HttpServletRequest request) throws IOException {
        if (request.getAttribute(ATTRIBUTE) instanceof Reading before) {
            return before.body() == null ? request : new BufferedBodyRequest(request, before.body());
        }
        if (!matches(request)) {
            return request;
        }
        LoginBody read = LoginBody.read(request, longestBody);
        TypedAccounts typed = TypedAccounts.NONE;
        String path = path(request);
        for (LoginForm form : forms) {
            boolean certain = certainlyReaches(request, path, form);
            if (certain || reaches(request, path, form)) {
                Set<String> accounts = read.values(form.field());
                boolean unnamed =
                        certain && accounts.isEmpty() && (!SAFE.contains(request.getMethod()) || !read.isEmpty());
                typed = typed.and(accounts, unnamed, certain && read.isTooLong());
            }
        }
        request.setAttribute(ATTRIBUTE, new Reading(typed, read.buffered()));
        return read.buffered() == null ? request : new BufferedBodyRequest(request, read.buffered());
    }

    /** Returns whether the container will verify credentials in a request, under whatever path. */
    static boolean presentsCredentials(HttpServletRequest request, boolean headers) {
        return ContainerCredentials.isForm(request, path(request))
                || (headers && !ContainerCredentials.ofHeader(request).isNone());
    }

    /**
     * Reads the typed accounts of a request that the container has not authenticated yet, and those that it will authenticate.
     *
     * @param headers whether the container authenticates by {@code Authorization} headers
     */
    HttpServletRequest readBefore(HttpServletRequest request, boolean headers) throws IOException {
        boolean form = ContainerCredentials.isForm(request, path(request));
        TypedAccounts presented = form
                ? ContainerCredentials.ofForm(request).and(inParameters(request), false, false)
                : TypedAccounts.NONE;
        // the container reads the parameters of its form by itself
        HttpServletRequest readable = form && LoginBody.isParameters(request) ? request : read(request);
        if (headers) {
            presented = presented.and(ContainerCredentials.ofHeader(request));
        }
        if (!presented.isNone()) {
            Reading read = request.getAttribute(ATTRIBUTE) instanceof Reading before
                    ? before
                    : new Reading(TypedAccounts.NONE, null);
            request.setAttribute(ATTRIBUTE, new Reading(read.typed().and(presented), read.body()));
        }
        return readable;
    }

    /** Returns the accounts in the parameters of the guarded forms that a request reaches. */
    private Set<String> inParameters(HttpServletRequest request) {
        String path = path(request);
        return forms.stream()
                .filter(form -> certainlyReaches(request, path, form) || reaches(request, path, form))
                .map(form -> request.getParameterValues(form.field()))
                .filter(Objects::nonNull)
                .flatMap(Arrays::stream)
                .collect(Collectors.toSet());
    }

    /** The result of reading a request. */
    private record Reading(TypedAccounts typed, @Nullable BufferedBody body) {}

    /** Returns the accounts typed in the forms that a request reaches. */
    static TypedAccounts typed(HttpServletRequest request) {
        return request.getAttribute(ATTRIBUTE) instanceof Reading reading ? reading.typed() : TypedAccounts.NONE;
    }

    /** Returns whether the request is for the form itself. It is then an attempt even if it names no account. */
    private boolean certainlyReaches(HttpServletRequest request, String path, LoginForm form) {
        return form.path().matches(path)
                || (serves(form, request)
                        && form.isServedBy(request.getHttpServletMapping().getPattern()));
    }

    /** Returns whether the request is for a path below the form, or for its servlet under another path. */
    private boolean reaches(HttpServletRequest request, String path, LoginForm form) {
        return form.isAbove(path) || serves(form, request);
    }

    private boolean serves(LoginForm form, HttpServletRequest request) {
        Set<String> serving = servlets().getOrDefault(form, Set.of());
        return !serving.isEmpty()
                && serving.contains(request.getHttpServletMapping().getServletName());
    }

    private Map<LoginForm, Set<String>> servlets() {
        Map<LoginForm, Set<String>> known = servlets;
        if (known == null) {
            known = forms.stream().distinct().collect(Collectors.toMap(form -> form, this::servletsOf));
            servlets = known;
        }
        return known;
    }

    private Set<String> servletsOf(LoginForm form) {
        return context.getServletRegistrations().values().stream()
                .filter(servlet -> servlet.getMappings().stream().anyMatch(form::isServedBy))
                .map(ServletRegistration::getName)
                .collect(Collectors.toSet());
    }

    /** Returns the path without path parameters and trailing slashes, which many frameworks ignore. */
    private static String path(HttpServletRequest request) {
        String path = RequestGuard.path(request);
        String plain = path.indexOf(';') < 0 ? path : path.replaceAll(";[^/]*", "");
        int end = plain.length();
        while (end > 1 && plain.charAt(end - 1) == '/') {
            end--;
        }
        return plain.substring(0, end);
    }
}
