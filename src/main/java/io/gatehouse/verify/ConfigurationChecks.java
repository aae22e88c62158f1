package io.gatehouse.verify;

import io.gatehouse.assembly.Settings;
import io.gatehouse.config.Config;
import io.gatehouse.config.ConfigurationProblem;
import io.gatehouse.config.ConfigurationWarning;
import io.gatehouse.config.Secret;
import io.gatehouse.ratelimit.AddressSettings;
import io.gatehouse.ratelimit.RateLimitRule;
import java.time.DateTimeException;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Checks of the configuration alone, valid or not. */
final class ConfigurationChecks {
    private static final String KEYS = "GATEHOUSE_KEYS";
    private static final String RATE_LIMITS = "GATEHOUSE_RATE_LIMITS";
    private static final String ADMIN_TOKEN = "GATEHOUSE_ADMIN_TOKEN";
    private static final String NOT_SERIALIZABLE = "GATEHOUSE_SESSION_NOT_SERIALIZABLE";
    private static final int SHORTEST_TOKEN = 32;
    private static final Pattern DATE = Pattern.compile("(20\\d\\d)[-_]?(0[1-9]|1[0-2])(?:[-_]?([0-3]\\d))?(?!\\d)");

    private final Config config;
    private final Values values;
    private final InstantSource clock;
    private final Findings findings;

    ConfigurationChecks(Config config, InstantSource clock, Findings findings) {
        this.config = config;
        this.values = new Values(config);
        this.clock = clock;
        this.findings = findings;
    }

    /** Adds a finding for each problem that {@link Settings} reported. */
    void refused(List<ConfigurationProblem> problems) {
        problems.forEach(problem -> findings.add(checkOf(problem), problem.place(), problem.message()));
    }

    private static Check checkOf(ConfigurationProblem problem) {
        return switch (problem.code()) {
            case KEYS_MISSING -> Check.KEY_NONE;
            case KEYS_PUBLISHED -> Check.KEY_PUBLISHED;
            case KEYS_INVALID -> Check.KEY_UNUSABLE;
            case RULES_INVALID -> Check.RULES_BROKEN;
            case INVALID_VALUE, UNREADABLE_FILE ->
                switch (problem.setting()) {
                    case KEYS -> Check.KEY_NONE;
                    case RATE_LIMITS -> Check.RULES_BROKEN;
                    case ADMIN_TOKEN -> Check.ADMIN_TOKEN_WEAK;
                    default -> Check.SETTING_INVALID;
                };
        };
    }

    void values() {
        for (ConfigurationWarning warning : config.warnings(Settings.ALL)) {
            Check check = switch (warning.code()) {
                case UNKNOWN_SETTING -> Check.SETTING_UNKNOWN;
                case FILE_IGNORED -> Check.FILE_NOT_READ;
            };
            findings.add(check, warning.setting(), warning.message());
        }
        is(Check.OFF, "GATEHOUSE_ENABLED", "false");
        is(Check.COOKIE_NOT_SECURE, "GATEHOUSE_COOKIE_SECURE", "auto");
        is(Check.SAME_SITE_NONE, "GATEHOUSE_COOKIE_SAME_SITE", "none");
        is(Check.NOT_ENCRYPTED, "GATEHOUSE_SESSION_ENCRYPTION", "false");
        is(Check.CLASSES_OPEN, "GATEHOUSE_SESSION_SERIALIZATION", "signed");
        if (values.text("GATEHOUSE_CACHE_ENABLED").orElse("").equals("true")) {
            is(Check.CLASSES_OPEN, "GATEHOUSE_CACHE_ONLY_LISTED_CLASSES", "false");
        }
        is(Check.NO_ABSOLUTE_TIMEOUT, "GATEHOUSE_SESSION_ABSOLUTE_TIMEOUT", "pt0s");
        is(Check.NO_ABSOLUTE_TIMEOUT, "GATEHOUSE_SESSION_REMEMBER_TIMEOUT", "pt0s");
        is(Check.NO_SESSION_LIMIT, "GATEHOUSE_SESSION_LIMIT", "0");
        is(Check.KEPT_ON_NODE, NOT_SERIALIZABLE, "keep");
        proxies();
        adminToken();
    }

    private void is(Check check, String name, String value) {
        String shown = value.equals("pt0s") ? "0" : value;
        findings.addIf(
                values.text(name).orElse("").equals(value),
                check,
                name,
                "it is " + shown + (set(name) ? "" : " by default"));
    }

    private boolean set(String name) {
        return values.isSet(name);
    }

    private void proxies() {
        String name = "GATEHOUSE_TRUSTED_PROXIES";
        List<?> trusted = values.value(name).orElse(List.of()) instanceof List<?> list ? list : List.of();
        findings.addIf(trusted.isEmpty(), Check.NO_PROXIES, name, "it is empty");
        for (Object network : trusted) {
            AddressSettings.Reach reach = AddressSettings.reach(String.valueOf(network));
            findings.addIf(
                    reach == AddressSettings.Reach.EVERYBODY, Check.EVERYBODY_TRUSTED, name, "it has " + network);
            findings.addIf(
                    reach == AddressSettings.Reach.WIDE,
                    Check.PROXIES_WIDE,
                    name,
                    "it has " + network + ", wider than /16 (IPv4) or /48 (IPv6)");
        }
    }

    private void adminToken() {
        if (values.value(ADMIN_TOKEN).orElse(Secret.NONE) instanceof Secret token) {
            findings.addIf(
                    !token.isEmpty() && token.reveal().length() < SHORTEST_TOKEN,
                    Check.ADMIN_TOKEN_WEAK,
                    ADMIN_TOKEN,
                    "it has fewer than " + SHORTEST_TOKEN + " characters");
        }
    }

    /** What only a whole configuration shows. */
    void whole(Settings settings) {
        boolean auto = values.text(NOT_SERIALIZABLE).orElse("").equals("auto");
        findings.addIf(
                auto && settings.session().keepsNotStorable(),
                Check.KEPT_ON_NODE,
                NOT_SERIALIZABLE,
                "it is auto" + (set(NOT_SERIALIZABLE) ? "" : " by default")
                        + ", and no web.xml was seen that says <distributable/>");
        String kid = settings.keys().currentKid();
        Matcher date = DATE.matcher(kid);
        if (date.find()) {
            findings.addIf(
                    isOld(date),
                    Check.KEY_OLD,
                    KEYS,
                    "by its name the key that signs, " + kid + ", is over a year old");
        }
        List<RateLimitRule> rules = settings.limits().rules().get().rules();
        findings.addIf(rules.isEmpty(), Check.LIMITS_OFF, RATE_LIMITS, "it has no rules");
        String dry = rules.stream()
                .filter(rule -> rule.mode() == RateLimitRule.Mode.DRY_RUN)
                .map(RateLimitRule::name)
                .collect(Collectors.joining(", "));
        findings.addIf(!dry.isEmpty(), Check.RULES_DRY, RATE_LIMITS, "mode is dry-run in " + dry);
    }

    private boolean isOld(Matcher date) {
        try {
            LocalDate made = LocalDate.of(
                    Integer.parseInt(date.group(1)),
                    Integer.parseInt(date.group(2)),
                    date.group(3) == null ? 1 : Integer.parseInt(date.group(3)));
            return made.plusYears(1).isBefore(LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC));
        } catch (DateTimeException e) {
            return false; // no date after all
        }
    }
}
