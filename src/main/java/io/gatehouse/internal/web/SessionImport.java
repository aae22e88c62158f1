package io.gatehouse.internal.web;

import io.gatehouse.internal.redis.Pipeline;
import io.gatehouse.internal.redis.Redis;
import io.gatehouse.internal.session.Session;
import io.gatehouse.internal.session.SessionOpening;
import io.gatehouse.internal.session.SessionRepository;
import io.gatehouse.internal.session.token.VerifiedToken;
import io.gatehouse.internal.springsession.SpringSessionImporter;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The import of a request's session from Spring Session, if the import is enabled. Thread-safe. */
final class SessionImport {
    private final @Nullable SpringSessionImporter importer;
    private final SessionRepository sessionRepository;
    private final ClassLoader loader;

    /** @param importer null if the import is disabled */
    SessionImport(@Nullable SpringSessionImporter importer, SessionRepository sessionRepository, ClassLoader loader) {
        this.importer = importer;
        this.sessionRepository = sessionRepository;
        this.loader = loader;
    }

    /**
     * Opens the session that the cookie of Spring Session names, and imports it first if no other request has. No round trip without such a
     * cookie.
     *
     * @param details properties of an imported session for lists of sessions
     * @return the session, which the caller must release, or null
     * @throws io.gatehouse.GatehouseException if the session could not be read or imported
     */
    @Nullable
    Session open(Redis redis, HttpServletRequest request, Supplier<Map<String, String>> details) {
        if (importer == null) {
            return null;
        }
        VerifiedToken token = importer.find(SessionCookie.values(request, importer.cookie()), loader, details);
        if (token == null) {
            return null;
        }
        Pipeline pipeline = new Pipeline();
        try (SessionOpening opening = sessionRepository.open(token, pipeline)) {
            redis.send(pipeline);
            return opening.session();
        }
    }

    /**
     * Returns a cookie that makes the browser remove the cookie of Spring Session, which has this path by default; null if the request does
     * not have it.
     */
    @Nullable
    Cookie removal(HttpServletRequest request) {
        if (importer == null || SessionCookie.values(request, importer.cookie()).isEmpty()) {
            return null;
        }
        Cookie cookie = new Cookie(importer.cookie(), "");
        cookie.setPath(request.getContextPath() + "/");
        cookie.setHttpOnly(true);
        cookie.setSecure(request.isSecure());
        cookie.setMaxAge(0);
        return cookie;
    }
}
