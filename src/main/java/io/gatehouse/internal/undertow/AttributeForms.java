package io.gatehouse.internal.undertow;

import io.undertow.server.HttpServerExchange;
import io.undertow.servlet.util.SavedRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The texts in which the server's own session attributes are stored: users, saved requests, and what login forms remember. A text is a kind
 * and fields in base64url, separated by spaces. So a record depends on no class of the server, and no attribute that an application sets
 * can stand for a user. Thread-safe.
 */
final class AttributeForms {
    /** The attributes of login forms, such as the address of the page that has required the login. */
    private static final String LOGIN_FORMS = "org.wildfly.security.http.";

    private static final String TEXT = "text";

    private final Identities identities;

    /**
     * @param realm the realm whose users are restored
     * @param refresh how long their groups are used before they are read again, or zero for the default
     */
    AttributeForms(String realm, Supplier<Duration> refresh) {
        this.identities = new Identities(realm, refresh);
    }

    /** Returns whether an attribute is the server's own, so that it is stored as a text and hidden from the application. */
    boolean covers(String name, Object value) {
        return value instanceof SavedRequest
                || identities.isIdentity(value)
                || (value instanceof String && name.startsWith(LOGIN_FORMS));
    }

    boolean isUser(Object value) {
        return identities.isIdentity(value);
    }

    /** Returns the text for a value of the server, or null if it cannot be stored. */
    @Nullable
    String stored(Object value, String sessionId) {
        if (value instanceof SavedRequest request) {
            return SavedRequests.stored(request);
        }
        return value instanceof String text ? text(TEXT, List.of(text)) : identities.stored(value, sessionId);
    }

    /**
     * Returns the value of a text, or null if it is not valid here.
     *
     * @param loggedIn whether the session belongs to the user with this name
     */
    @Nullable
    Object restored(
            String stored, String sessionId, Predicate<String> loggedIn, @Nullable HttpServerExchange exchange) {
        List<String> fields = fields(stored);
        return switch (stored.split(" ", 2)[0]) {
            case SavedRequests.KIND -> SavedRequests.restored(fields, exchange);
            case Identities.KIND -> identities.restored(stored, fields, sessionId, loggedIn, exchange);
            case TEXT -> fields.get(0);
            default -> null;
        };
    }

    /** Called when the server removes one of its attributes, which may have been the user. */
    void removed(String sessionId) {
        identities.forget(sessionId);
    }

    static String text(String kind, List<String> fields) {
        Base64.Encoder encoder = Base64.getUrlEncoder().withoutPadding();
        return Stream.concat(
                        Stream.of(kind),
                        fields.stream().map(field -> encoder.encodeToString(field.getBytes(StandardCharsets.UTF_8))))
                .collect(Collectors.joining(" "));
    }

    private static List<String> fields(String text) {
        return Stream.of(text.split(" ", -1))
                .skip(1)
                .map(field -> new String(Base64.getUrlDecoder().decode(field), StandardCharsets.UTF_8))
                .toList();
    }
}
