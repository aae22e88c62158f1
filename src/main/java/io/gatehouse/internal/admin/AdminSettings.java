package io.gatehouse.internal.admin;

import io.gatehouse.internal.config.Config;
import io.gatehouse.internal.config.Secret;
import io.gatehouse.internal.config.Setting;
import io.gatehouse.internal.rules.Limit;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/**
 * The settings of the admin API: its tokens, its role and its rate limit.
 *
 * @param tokens returns the currently valid tokens; if they come from a file, it is read again
 * @param role the container role whose users may use it, or empty
 * @param rate the rate limit of each caller
 */
public record AdminSettings(Supplier<List<Secret>> tokens, String role, Limit rate) {
    private static final int MIN_LENGTH = 32;
    private static final String RATE_FORM = "a limit such as 60/min or 60/min burst 10";
    private static final int MIN_DISTINCT_CHARACTERS = 8;
    /** The form of a bearer token: {@code b64token} of RFC 6750, section 2.1. */
    private static final Pattern TOKEN_FORM = Pattern.compile("[A-Za-z0-9._~+/-]+=*");
    /** Excludes {@code **}, which would mean any authenticated user (Servlet 6.0, section 13.8). */
    private static final Pattern ROLE_FORM = Pattern.compile("[^\\p{Cntrl}*]*");

    static final Setting<List<Secret>> TOKEN = new Setting<>(
            "GATEHOUSE_ADMIN_TOKEN",
            "",
            AdminSettings::parse,
            text -> "***",
            "Comma-separated bearer tokens for the admin API, at least 32 characters each. Several are accepted so that one can be replaced; a token file is read again when it changes. Create one with `openssl rand -hex 32`. Without it and GATEHOUSE_ADMIN_ROLE the admin API is disabled.");
    static final Setting<String> ROLE = Setting.text(
            "GATEHOUSE_ADMIN_ROLE",
            "",
            "A container role whose users may use the admin API with their session, from pages of the same origin.");
    static final Setting<Limit> RATE = new Setting<>(
            "GATEHOUSE_ADMIN_RATE",
            "60/min",
            AdminSettings::rate,
            UnaryOperator.identity(),
            "The rate limit of each admin API caller on one node, such as `60/min` or `60/min burst 10`. Failed attempts are also limited to 10 per minute and address.");

    /** All settings of this package. */
    public static final List<Setting<?>> ALL = List.of(TOKEN, ROLE, RATE);

    /** Reads the settings and adds their problems to the configuration. */
    public static AdminSettings from(Config config) {
        Supplier<List<Secret>> tokens = config.rereading(TOKEN);
        String role = config.read(ROLE);
        if (!ROLE_FORM.matcher(role).matches()) {
            config.problem(ROLE, "the name of a role without *");
        }
        return new AdminSettings(tokens, role, config.read(RATE));
    }

    /** Returns whether the admin API is enabled. */
    public boolean isEnabled() {
        return !role.isEmpty() || !tokens.get().isEmpty();
    }

    private static List<Secret> parse(String text) {
        List<String> items = Arrays.stream(text.split(",", -1))
                .map(String::strip)
                .filter(item -> !item.isEmpty())
                .toList();
        for (String item : items) {
            if (item.length() < MIN_LENGTH
                    || !TOKEN_FORM.matcher(item).matches()
                    || item.chars().distinct().count() < MIN_DISTINCT_CHARACTERS) {
                throw new IllegalArgumentException(
                        "random tokens of at least " + MIN_LENGTH
                                + " letters, digits and -._~+/ each, separated by commas; create one with: openssl rand -hex 32");
            }
        }
        return items.stream().map(Secret::new).toList();
    }

    private static Limit rate(String text) {
        Limit limit;
        try {
            limit = Limit.parse(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(RATE_FORM, e);
        }
        if (text.strip().regionMatches(true, 0, "sliding", 0, "sliding".length())) {
            throw new IllegalArgumentException(RATE_FORM);
        }
        return limit;
    }
}
