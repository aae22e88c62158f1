package io.gatehouse.internal.rules;

import io.gatehouse.ConfigurationProblem;
import io.gatehouse.InvalidConfigurationException;
import io.gatehouse.ProblemCode;
import io.gatehouse.internal.config.Config;
import io.gatehouse.internal.config.Setting;
import io.gatehouse.internal.rules.RuleFile.Look;
import io.gatehouse.internal.rules.RuleReader.Outcome;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Which rate limits there are, and how much of them is told, as far as the configuration says.
 *
 * @param rules the rules in force, which change when their file does
 * @param headers whether answers that are not refusals tell how the client stands
 */
public record RateLimitSettings(RuleSource rules, boolean headers) {
    static final Setting<String> RATE_LIMITS = Setting.text(
            "GATEHOUSE_RATE_LIMITS",
            "built-in",
            "`built-in`, `none`, or rules, as properties or JSON. A file that GATEHOUSE_RATE_LIMITS_FILE names is read anew when it changes. Without both: `gatehouse-limits.properties` or `gatehouse-limits.json` in the application's `WEB-INF`, else the built-in ones.");
    static final Setting<Boolean> HEADERS = Setting.flag(
            "GATEHOUSE_RATE_LIMIT_HEADERS",
            true,
            "Whether successful answers too say how much is left (`RateLimit`, `RateLimit-Policy`).");

    /** Every setting of this record. */
    public static final List<Setting<?>> ALL = List.of(RATE_LIMITS, HEADERS);

    /** Where an application may keep rules of its own. */
    static final List<String> OF_THE_APPLICATION =
            List.of("/WEB-INF/gatehouse-limits.properties", "/WEB-INF/gatehouse-limits.json");

    private static final String BUILT_IN = "built-in.properties";

    /**
     * Reads everything and leaves what is wrong with the configuration.
     *
     * @param json reads rules in JSON
     * @param resource opens a resource of the application by its path, or gives null if there is none
     */
    public static RateLimitSettings from(
            Config config, RuleFormat json, Function<String, @Nullable InputStream> resource) {
        return new RateLimitSettings(rules(config, json, resource), config.read(HEADERS));
    }

    private static RuleSource rules(Config config, RuleFormat json, Function<String, @Nullable InputStream> resource) {
        Optional<String> path = config.file(RATE_LIMITS);
        if (path.isPresent()) {
            RuleFile file = new RuleFile(path.get(), json);
            Look look = file.look();
            RuleSet rules = accepted(config, RATE_LIMITS.fileName() + " (" + path.get() + ")", file.read(look));
            return new RuleSource(file, look, rules);
        }
        return new RuleSource(
                config.isSet(RATE_LIMITS)
                        ? given(config, config.read(RATE_LIMITS), json)
                        : ofTheApplication(config, json, resource));
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

    private static RuleSet ofTheApplication(
            Config config, RuleFormat json, Function<String, @Nullable InputStream> resource) {
        RuleSet found = null;
        for (String path : OF_THE_APPLICATION) {
            try (InputStream bytes = resource.apply(path)) {
                if (bytes == null) {
                    continue;
                }
                if (found != null) {
                    invalid(
                            config,
                            RATE_LIMITS.name(),
                            "there is " + String.join(" and ", OF_THE_APPLICATION) + "; expected one of them");
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
     * The rules that a file holds.
     *
     * @param json reads rules in JSON
     * @throws InvalidConfigurationException with everything that is wrong with them
     */
    public static RuleSet ofFile(String path, RuleFormat json) {
        RuleFile file = new RuleFile(path, json);
        Outcome outcome = file.read(file.look());
        if (outcome instanceof Outcome.Accepted accepted) {
            return accepted.rules();
        }
        throw new InvalidConfigurationException(((Outcome.Rejected) outcome)
                .problems().stream()
                        .map(problem -> new ConfigurationProblem(
                                ProblemCode.RULES_INVALID, RATE_LIMITS.name(), path, path + ", " + problem))
                        .toList());
    }

    /** The rules that hold where nobody has written any. */
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
