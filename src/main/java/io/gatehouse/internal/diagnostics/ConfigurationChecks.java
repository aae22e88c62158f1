package io.gatehouse.internal.diagnostics;

import io.gatehouse.ConfigurationProblem;
import io.gatehouse.internal.clientaddress.ClientAddressSettings;
import io.gatehouse.internal.config.Config;
import io.gatehouse.internal.config.ConfigurationWarning;
import io.gatehouse.internal.config.Secret;
import io.gatehouse.internal.rules.RateLimitRule;
import io.gatehouse.internal.wiring.Settings;
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
    private final SettingsLookup settingsLookup;
    private final InstantSource clock;
    private final Findings findings;

    ConfigurationChecks(Config config, InstantSource clock, Findings findings) {
        this.config = config;
        this.settingsLookup = new SettingsLookup(config);
        this.clock = clock;
        this.findings = findings;
    }

    /** Adds a finding for each problem that {@link Settings} reported. */
    void refused(List<ConfigurationProblem> problems) {
        problems.forEach(problem -> findings.add(checkOf(problem), problem.place(), problem.message()));
    }

    private static CheckId checkOf(ConfigurationProblem problem) {
        return switch (problem.code()) {
            case KEYS_MISSING -> CheckId.KEY_NONE;
            case KEYS_PUBLISHED -> CheckId.KEY_PUBLISHED;
            case KEYS_INVALID -> CheckId.KEY_UNUSABLE;
            case RULES_INVALID -> CheckId.RULES_BROKEN;
            case INVALID_VALUE, UNREADABLE_FILE ->
                switch (problem.setting()) {
                    case KEYS -> CheckId.KEY_NONE;
                    case RATE_LIMITS -> CheckId.RULES_BROKEN;
                    case ADMIN_TOKEN -> CheckId.ADMIN_TOKEN_WEAK;
                    default -> CheckId.SETTING_INVALID;
                };
        };
    }

    void values() {
        for (ConfigurationWarning warning : config.warnings(Settings.ALL)) {
            CheckId checkId = switch (warning.code()) {
                case UNKNOWN_SETTING -> CheckId.SETTING_UNKNOWN;
                case FILE_IGNORED -> CheckId.FILE_NOT_READ;
            };
            findings.add(checkId, warning.setting(), warning.message());
        }
        is(CheckId.OFF, "GATEHOUSE_ENABLED", "false");
        is(CheckId.COOKIE_NOT_SECURE, "GATEHOUSE_COOKIE_SECURE", "auto");
        is(CheckId.SAME_SITE_NONE, "GATEHOUSE_COOKIE_SAME_SITE", "none");
        is(CheckId.NOT_ENCRYPTED, "GATEHOUSE_SESSION_ENCRYPTION", "false");
        is(CheckId.CLASSES_OPEN, "GATEHOUSE_SESSION_SERIALIZATION", "signed");
        if (settingsLookup.text("GATEHOUSE_CACHE_ENABLED").orElse("").equals("true")) {
            is(CheckId.CLASSES_OPEN, "GATEHOUSE_CACHE_ONLY_LISTED_CLASSES", "false");
        }
        is(CheckId.NO_ABSOLUTE_TIMEOUT, "GATEHOUSE_SESSION_ABSOLUTE_TIMEOUT", "pt0s");
        is(CheckId.NO_ABSOLUTE_TIMEOUT, "GATEHOUSE_SESSION_REMEMBER_TIMEOUT", "pt0s");
        is(CheckId.NO_SESSION_LIMIT, "GATEHOUSE_SESSION_LIMIT", "0");
        is(CheckId.KEPT_ON_NODE, NOT_SERIALIZABLE, "keep");
        proxies();
        adminToken();
    }

    private void is(CheckId checkId, String name, String value) {
        String shown = value.equals("pt0s") ? "0" : value;
        findings.addIf(
                settingsLookup.text(name).orElse("").equals(value),
                checkId,
                name,
                "it is " + shown + (set(name) ? "" : " by default"));
    }

    private boolean set(String name) {
        return settingsLookup.isSet(name);
    }

    private void proxies() {
        String name = "GATEHOUSE_TRUSTED_PROXIES";
        List<?> trusted = settingsLookup.value(name).orElse(List.of()) instanceof List<?> list ? list : List.of();
        findings.addIf(trusted.isEmpty(), CheckId.NO_PROXIES, name, "it is empty");
        for (Object network : trusted) {
            ClientAddressSettings.Reach reach = ClientAddressSettings.reach(String.valueOf(network));
            findings.addIf(
                    reach == ClientAddressSettings.Reach.EVERYBODY,
                    CheckId.EVERYBODY_TRUSTED,
                    name,
                    "it has " + network);
            findings.addIf(
                    reach == ClientAddressSettings.Reach.WIDE,
                    CheckId.PROXIES_WIDE,
                    name,
                    "it has " + network + ", wider than /16 (IPv4) or /48 (IPv6)");
        }
    }

    private void adminToken() {
        if (settingsLookup.value(ADMIN_TOKEN).orElse(Secret.NONE) instanceof Secret token) {
            findings.addIf(
                    !token.isEmpty() && token.reveal().length() < SHORTEST_TOKEN,
                    CheckId.ADMIN_TOKEN_WEAK,
                    ADMIN_TOKEN,
                    "it has fewer than " + SHORTEST_TOKEN + " characters");
        }
    }

    /** What only a whole configuration shows. */
    void whole(Settings settings) {
        boolean auto = settingsLookup.text(NOT_SERIALIZABLE).orElse("").equals("auto");
        findings.addIf(
                auto && settings.session().keepsNotStorable(),
                CheckId.KEPT_ON_NODE,
                NOT_SERIALIZABLE,
                "it is auto" + (set(NOT_SERIALIZABLE) ? "" : " by default")
                        + ", and no web.xml was seen that says <distributable/>");
        String kid = settings.keys().currentKid();
        Matcher date = DATE.matcher(kid);
        if (date.find()) {
            findings.addIf(
                    isOld(date),
                    CheckId.KEY_OLD,
                    KEYS,
                    "by its name the key that signs, " + kid + ", is over a year old");
        }
        List<RateLimitRule> rules = settings.limits().rules().get().rules();
        findings.addIf(rules.isEmpty(), CheckId.LIMITS_OFF, RATE_LIMITS, "it has no rules");
        String dry = rules.stream()
                .filter(rule -> rule.mode() == RateLimitRule.Mode.DRY_RUN)
                .map(RateLimitRule::name)
                .collect(Collectors.joining(", "));
        findings.addIf(!dry.isEmpty(), CheckId.RULES_DRY, RATE_LIMITS, "mode is dry-run in " + dry);
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
