package io.gatehouse.internal.rules;

import io.gatehouse.ConfigurationProblem;
import io.gatehouse.InvalidConfigurationException;
import io.gatehouse.ProblemCode;
import io.gatehouse.internal.config.Config;
import io.gatehouse.internal.config.Setting;
import io.gatehouse.internal.rules.RuleFile.Content;
import io.gatehouse.internal.rules.RuleReader.Outcome;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The settings of rate limiting.
 *
 * @param rules the rules in force, which change when their file changes
 * @param headers whether successful responses carry the {@code RateLimit} headers too
 */
public record RateLimitSettings(RuleSource rules, boolean headers) {
    static final Setting<String> RATE_LIMITS = Setting.text(
            "GATEHOUSE_RATE_LIMITS",
            "built-in",
            "`built-in`, `none`, or rules as properties or JSON. A file named by GATEHOUSE_RATE_LIMITS_FILE is read again when it changes. If neither is set: `gatehouse-limits.properties` or `gatehouse-limits.json` in the application's `WEB-INF`, else the built-in rules.");
    static final Setting<Boolean> HEADERS = Setting.flag(
            "GATEHOUSE_RATE_LIMIT_HEADERS",
            true,
            "Whether successful responses too carry the headers `RateLimit` and `RateLimit-Policy`, which say how many requests are left.");

    /** All settings of this record. */
    public static final List<Setting<?>> ALL = List.of(RATE_LIMITS, HEADERS);

    /** The resources in which an application may ship its own rules. */
    static final List<String> APPLICATION_FILES =
            List.of("/WEB-INF/gatehouse-limits.properties", "/WEB-INF/gatehouse-limits.json");

    private static final String BUILT_IN = "built-in.properties";

    /**
     * Reads the settings, and reports problems to the configuration.
     *
     * @param json the format of rules in JSON
     * @param resource opens a resource of the application by its path; returns null if it does not exist
     */
    public static RateLimitSettings from(
            Config config, RuleFormat json, Function<String, @Nullable InputStream> resource) {
        return new RateLimitSettings(rules(config, json, resource), config.read(HEADERS));
    }

    private static RuleSource rules(Config config, RuleFormat json, Function<String, @Nullable InputStream> resource) {
        Optional<String> path = config.file(RATE_LIMITS);
        if (path.isPresent()) {
            RuleFile file = new RuleFile(path.get(), json);
            Content content = file.load();
            RuleSet rules = accepted(config, RATE_LIMITS.fileName() + " (" + path.get() + ")", file.parse(content));
            return new RuleSource(file, content, rules);
        }
        return new RuleSource(
                config.isSet(RATE_LIMITS)
                        ? given(config, config.read(RATE_LIMITS), json)
                        : applicationRules(config, json, resource));
    }

    private static RuleSet given(Config config, String text, RuleFormat json) {
        if (text.equalsIgnoreCase(RATE_LIMITS.defaultText())) {
            return builtIn();
        }
        if (text.equalsIgnoreCase("none")) {
            return RuleSet.NONE;
        }
        if (!text.contains("=") && !text.startsWith("{")) {
            config.problem(
                    ProblemCode.RULES_INVALID, RATE_LIMITS, "built-in, none, or rules such as login.limit = 5/min");
            return RuleSet.NONE;
        }
        return accepted(config, RATE_LIMITS.name(), RuleReader.read(text, json));
    }

    private static RuleSet applicationRules(
            Config config, RuleFormat json, Function<String, @Nullable InputStream> resource) {
        RuleSet found = null;
        for (String path : APPLICATION_FILES) {
            try (InputStream bytes = resource.apply(path)) {
                if (bytes == null) {
                    continue;
                }
                if (found != null) {
                    invalid(
                            config,
                            RATE_LIMITS.name(),
                            "found both " + String.join(" and ", APPLICATION_FILES) + "; expected only one of them");
                }
                found = accepted(config, path, RuleReader.read(RuleFile.text(bytes), json));
            } catch (IOException e) {
                invalid(config, path, path + " cannot be read: " + e.getMessage());
                found = RuleSet.NONE;
            }
        }
        return found == null ? builtIn() : found;
    }

    private static RuleSet accepted(Config config, String where, Outcome outcome) {
        if (outcome instanceof Outcome.Accepted accepted) {
            return accepted.rules();
        }
        ((Outcome.Rejected) outcome).problems().forEach(problem -> invalid(config, where, where + ", " + problem));
        return RuleSet.NONE;
    }

    private static void invalid(Config config, String place, String message) {
        config.problem(ProblemCode.RULES_INVALID, RATE_LIMITS, place, message);
    }

    /**
     * Reads the rules of a file.
     *
     * @param json the format of rules in JSON
     * @throws InvalidConfigurationException if the file is missing or a rule is invalid; carries every problem
     */
    public static RuleSet ofFile(String path, RuleFormat json) {
        RuleFile file = new RuleFile(path, json);
        Outcome outcome = file.parse(file.load());
        if (outcome instanceof Outcome.Accepted accepted) {
            return accepted.rules();
        }
        throw new InvalidConfigurationException(((Outcome.Rejected) outcome)
                .problems().stream()
                        .map(problem -> new ConfigurationProblem(
                                ProblemCode.RULES_INVALID, RATE_LIMITS.name(), path, path + ", " + problem))
                        .toList());
    }

    /** Returns the built-in rules, which apply if no others are configured. */
    public static RuleSet builtIn() {
        try (InputStream bytes = RateLimitSettings.class.getResourceAsStream(BUILT_IN)) {
            if (bytes == null) {
                throw new IllegalStateException(BUILT_IN + " is missing beside " + RateLimitSettings.class.getName());
            }
            Outcome outcome = RuleReader.read(RuleFile.text(bytes), (text, into) -> {});
            if (outcome instanceof Outcome.Accepted accepted) {
                return accepted.rules();
            }
            throw new IllegalStateException(BUILT_IN + ": " + outcome);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
