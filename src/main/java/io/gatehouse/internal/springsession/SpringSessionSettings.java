package io.gatehouse.internal.springsession;

import io.gatehouse.internal.config.Config;
import io.gatehouse.internal.config.Setting;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * The settings of the import of sessions of Spring Session. Immutable.
 *
 * @param namespace the namespace of the records
 * @param cookie the name of the cookie
 * @param classes the classes of attribute values that may be created, besides those of the JDK
 * @param until when the import ends, or empty
 */
public record SpringSessionSettings(String namespace, String cookie, List<String> classes, Optional<Instant> until) {
    static final Setting<Boolean> ENABLED = Setting.flag(
            "GATEHOUSE_IMPORT_SPRING_SESSION",
            false,
            "Whether a request with the cookie of Spring Session, and without one of Gatehouse, takes over its session. Its records are not signed: enable this only for the time of a migration.");
    static final Setting<String> NAMESPACE = Setting.text(
            "GATEHOUSE_IMPORT_SPRING_SESSION_NAMESPACE",
            "spring:session",
            "The namespace of Spring Session's records, in the Redis database of the sessions.");
    static final Setting<String> COOKIE =
            Setting.text("GATEHOUSE_IMPORT_SPRING_SESSION_COOKIE", "SESSION", "The name of Spring Session's cookie.");
    static final Setting<List<String>> CLASSES = Setting.list(
            "GATEHOUSE_IMPORT_SPRING_SESSION_CLASSES",
            "",
            "Classes of attribute values that may be imported, besides those of `java.lang`, `java.util`, `java.time` and `java.math`: `org.springframework.security.**, com.acme.shop.*`. Known gadgets are never allowed.");
    static final Setting<Optional<Instant>> UNTIL = new Setting<>(
            "GATEHOUSE_IMPORT_SPRING_SESSION_UNTIL",
            "",
            SpringSessionSettings::end,
            UnaryOperator.identity(),
            "When the import ends: a date such as `2026-12-31`, whose beginning in UTC counts, or a time such as `2026-12-31T18:00:00Z`. If not set, it ends with the setting.");

    /** Every setting of this package. */
    public static final List<Setting<?>> ALL = List.of(ENABLED, NAMESPACE, COOKIE, CLASSES, UNTIL);

    /** Reads the settings, and reports problems to the configuration. Empty if the import is disabled. */
    public static Optional<SpringSessionSettings> from(Config config) {
        String namespace = config.read(NAMESPACE);
        if (namespace.length() > 100
                || !namespace.matches("[\\w.:-]*(\\{[\\w.:-]+}[\\w.:-]*)?")
                || namespace.isEmpty()) {
            config.problem(NAMESPACE, "1 to 100 letters, digits, and . _ : -, of which one part may be in braces");
        }
        String cookie = config.read(COOKIE);
        if (!cookie.matches("[A-Za-z0-9_.-]+")) {
            config.problem(COOKIE, "a name of letters, digits and _ . -");
        }
        List<String> classes = config.read(CLASSES);
        if (classes.stream().anyMatch(pattern -> !pattern.matches("[\\p{L}\\p{N}_$.]+(\\*\\*?)?"))) {
            config.problem(CLASSES, "class names or packages that end in .* or .**");
        }
        Optional<Instant> until = config.read(UNTIL);
        return config.read(ENABLED)
                ? Optional.of(new SpringSessionSettings(namespace, cookie, classes, until))
                : Optional.empty();
    }

    private static Optional<Instant> end(String text) {
        if (text.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(
                    text.contains("T")
                            ? Instant.parse(text)
                            : LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant());
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("a date such as 2026-12-31, or a time such as 2026-12-31T18:00:00Z", e);
        }
    }
}
