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

/** Checks the configuration, valid or not, without Redis. */
final class ConfigurationChecks {
    private static final String KEYS = "GATEHOUSE_KEYS";
    private static final String RATE_LIMITS = "GATEHOUSE_RATE_LIMITS";
    private static final String ADMIN_TOKEN = "GATEHOUSE_ADMIN_TOKEN";
    private static final String NOT_SERIALIZABLE = "GATEHOUSE_SESSION_NOT_SERIALIZABLE";
    private static final int MIN_TOKEN_LENGTH = 32;
    private static final Pattern DATE = Pattern.compile("(20\\d\\d)[-_]?(0[1-9]|1[0-2])(?:[-_]?([0-3]\\d))?(?!\\d)");

    private final Config config;
    private final SettingsLookup settings;
    private final InstantSource clock;
    private final Findings findings;

    ConfigurationChecks(Config config, InstantSource clock, Findings findings) {
        this.config = config;
        this.settings = new SettingsLookup(config);
        this.clock = clock;
        this.findings = findings;
    }

    /** Adds a finding for each problem that {@link Settings} reported. */
    void addProblems(List<ConfigurationProblem> problems) {
        problems.forEach(problem -> findings.add(checkFor(problem), problem.place(), problem.message()));
    }

    private static CheckId checkFor(ConfigurationProblem problem) {
        return switch (problem.code()) {
            case KEYS_MISSING -> CheckId.KEY_MISSING;
            case KEYS_PUBLISHED -> CheckId.KEY_PUBLISHED;
            case KEYS_INVALID -> CheckId.KEY_UNUSABLE;
            case RULES_INVALID -> CheckId.RULES_BROKEN;
            case INVALID_VALUE, UNREADABLE_FILE ->
                switch (problem.setting()) {
                    case KEYS -> CheckId.KEY_MISSING;
                    case RATE_LIMITS -> CheckId.RULES_BROKEN;
                    case ADMIN_TOKEN -> CheckId.ADMIN_TOKEN_WEAK;
                    default -> CheckId.SETTING_INVALID;
                };
        };
    }

    /** Checks each setting by itself. Call this last: it also reports files that were not read. */
    void checkValues() {
        for (ConfigurationWarning warning : config.warnings(Settings.ALL)) {
            CheckId checkId = switch (warning.code()) {
                case UNKNOWN_SETTING -> CheckId.SETTING_UNKNOWN;
                case FILE_IGNORED -> CheckId.FILE_NOT_READ;
            };
            findings.add(checkId, warning.setting(), warning.message());
        }
        addIfEqual(CheckId.OFF, "GATEHOUSE_ENABLED", "false");
        addIfEqual(CheckId.COOKIE_NOT_SECURE, "GATEHOUSE_COOKIE_SECURE", "auto");
        addIfEqual(CheckId.SAME_SITE_NONE, "GATEHOUSE_COOKIE_SAME_SITE", "none");
        addIfEqual(CheckId.NOT_ENCRYPTED, "GATEHOUSE_SESSION_ENCRYPTION", "false");
        addIfEqual(CheckId.CLASSES_OPEN, "GATEHOUSE_SESSION_SERIALIZATION", "signed");
        if (settings.text("GATEHOUSE_CACHE_ENABLED").orElse("").equals("true")) {
            addIfEqual(CheckId.CLASSES_OPEN, "GATEHOUSE_CACHE_ONLY_LISTED_CLASSES", "false");
        }
        addIfEqual(CheckId.NO_ABSOLUTE_TIMEOUT, "GATEHOUSE_SESSION_ABSOLUTE_TIMEOUT", "pt0s");
        addIfEqual(CheckId.NO_ABSOLUTE_TIMEOUT, "GATEHOUSE_SESSION_REMEMBER_TIMEOUT", "pt0s");
        addIfEqual(CheckId.NO_SESSION_LIMIT, "GATEHOUSE_SESSION_LIMIT", "0");
        addIfEqual(CheckId.KEPT_ON_NODE, NOT_SERIALIZABLE, "keep");
        checkProxies();
        checkAdminToken();
    }

    private void addIfEqual(CheckId checkId, String name, String value) {
        String shown = value.equals("pt0s") ? "0" : value;
        findings.addIf(
                settings.text(name).orElse("").equals(value),
                checkId,
                name,
                "the value is " + shown + (isSet(name) ? "" : ", the default"));
    }

    private boolean isSet(String name) {
        return settings.isSet(name);
    }

    private void checkProxies() {
        String name = "GATEHOUSE_TRUSTED_PROXIES";
        List<?> trusted = settings.value(name).orElse(List.of()) instanceof List<?> list ? list : List.of();
        findings.addIf(trusted.isEmpty(), CheckId.NO_PROXIES, name, "the value is empty");
        for (Object network : trusted) {
            ClientAddressSettings.Reach reach = ClientAddressSettings.reach(String.valueOf(network));
            findings.addIf(
                    reach == ClientAddressSettings.Reach.EVERYBODY,
                    CheckId.ALL_PROXIES_TRUSTED,
                    name,
                    "it contains " + network);
            findings.addIf(
                    reach == ClientAddressSettings.Reach.WIDE,
                    CheckId.PROXIES_WIDE,
                    name,
                    "it contains " + network + ", which is wider than /16 (IPv4) or /48 (IPv6)");
        }
    }

    private void checkAdminToken() {
        if (settings.value(ADMIN_TOKEN).orElse(Secret.NONE) instanceof Secret token) {
            findings.addIf(
                    !token.isEmpty() && token.reveal().length() < MIN_TOKEN_LENGTH,
                    CheckId.ADMIN_TOKEN_WEAK,
                    ADMIN_TOKEN,
                    "it has " + token.reveal().length() + " characters; expected at least " + MIN_TOKEN_LENGTH);
        }
    }

    /** Checks the settings in combination, which requires a valid configuration. */
    void checkCombinations(Settings valid) {
        boolean auto = settings.text(NOT_SERIALIZABLE).orElse("").equals("auto");
        findings.addIf(
                auto && valid.session().keepsNotStorable(),
                CheckId.KEPT_ON_NODE,
                NOT_SERIALIZABLE,
                "the value is auto" + (isSet(NOT_SERIALIZABLE) ? "" : ", the default")
                        + ", and no web.xml with <distributable/> was found");
        String kid = valid.keys().currentKid();
        Matcher date = DATE.matcher(kid);
        if (date.find()) {
            findings.addIf(
                    isOld(date),
                    CheckId.KEY_OLD,
                    KEYS,
                    "according to its id, the signing key " + kid + " is more than a year old");
        }
        List<RateLimitRule> rules = valid.limits().rules().get().rules();
        findings.addIf(rules.isEmpty(), CheckId.LIMITS_OFF, RATE_LIMITS, "there are no rules");
        String dryRun = rules.stream()
                .filter(rule -> rule.mode() == RateLimitRule.Mode.DRY_RUN)
                .map(RateLimitRule::name)
                .collect(Collectors.joining(", "));
        findings.addIf(!dryRun.isEmpty(), CheckId.RULES_DRY_RUN, RATE_LIMITS, "mode is dry-run in the rules " + dryRun);
    }

    private boolean isOld(Matcher date) {
        try {
            LocalDate made = LocalDate.of(
                    Integer.parseInt(date.group(1)),
                    Integer.parseInt(date.group(2)),
                    date.group(3) == null ? 1 : Integer.parseInt(date.group(3)));
            return made.plusYears(1).isBefore(LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC));
        } catch (DateTimeException e) {
            return false; // the digits are not a date
        }
    }
}
