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
 * Who may use the admin API, and how often, as far as the configuration says.
 *
 * @param tokens the tokens that are good now; read anew where they come from a file
 * @param role a role of the container whose users may use it, or empty for none
 * @param rate how fast each caller may call
 */
public record AdminSettings(Supplier<List<Secret>> tokens, String role, Limit rate) {
    private static final int SHORTEST = 32;
    private static final String RATE_FORM = "a limit such as 60/min or 60/min burst 10";
    private static final int FEWEST_CHARACTERS = 8;
    /** What a header can carry: {@code b64token} of RFC 6750, section 2.1. */
    private static final Pattern TOKEN_FORM = Pattern.compile("[A-Za-z0-9._~+/-]+=*");
    /** {@code **} would be everybody who is logged in (Servlet 6.0, section 13.8). */
    private static final Pattern ROLE_FORM = Pattern.compile("[^\\p{Cntrl}*]*");

    static final Setting<List<Secret>> TOKEN = new Setting<>(
            "GATEHOUSE_ADMIN_TOKEN",
            "",
            AdminSettings::parse,
            text -> "***",
            "Tokens for the admin API, between commas, so that one can be replaced; at least 32 characters each. From a file they are read anew, so they can be changed while running. Make one with `openssl rand -hex 32`. Without it and GATEHOUSE_ADMIN_ROLE there is no admin API.");
    static final Setting<String> ROLE = Setting.text(
            "GATEHOUSE_ADMIN_ROLE",
            "",
            "A role of the container whose users may use the admin API with their session, from a page of the same origin.");
    static final Setting<Limit> RATE = new Setting<>(
            "GATEHOUSE_ADMIN_RATE",
            "60/min",
            AdminSettings::rate,
            UnaryOperator.identity(),
            "How often each caller may use the admin API on one node, as in `60/min` or `60/min burst 10`. Failed attempts are limited to 10 a minute for each address besides.");

    /** Every setting of this package. */
    public static final List<Setting<?>> ALL = List.of(TOKEN, ROLE, RATE);

    /** Reads everything and leaves what is wrong with the configuration. */
    public static AdminSettings from(Config config) {
        Supplier<List<Secret>> tokens = config.rereading(TOKEN);
        String role = config.read(ROLE);
        if (!ROLE_FORM.matcher(role).matches()) {
            config.problem(ROLE, "the name of a role, without *");
        }
        return new AdminSettings(tokens, role, config.read(RATE));
    }

    /** Whether anybody may use it. */
    public boolean isOn() {
        return !role.isEmpty() || !tokens.get().isEmpty();
    }

    private static List<Secret> parse(String text) {
        List<String> items = Arrays.stream(text.split(",", -1))
                .map(String::strip)
                .filter(item -> !item.isEmpty())
                .toList();
        for (String item : items) {
            if (item.length() < SHORTEST
                    || !TOKEN_FORM.matcher(item).matches()
                    || item.chars().distinct().count() < FEWEST_CHARACTERS) {
                throw new IllegalArgumentException("random tokens of at least " + SHORTEST
                        + " letters, digits and -._~+/ each, between commas; make one with: openssl rand -hex 32");
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
