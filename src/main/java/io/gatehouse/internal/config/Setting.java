package io.gatehouse.internal.config;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * A setting: its name, its default, its parser and its meaning. Immutable.
 *
 * <p>Settings are constants in the package that uses them. A test compares the documentation with them.
 *
 * @param name the name in all sources, such as {@code REDIS_URL}
 * @param defaultText the text that applies if no source has the name; empty means unset
 * @param parser converts text to a value, or throws {@link IllegalArgumentException} whose message names what was expected
 * @param mask converts a text to the form in which it may be shown
 * @param meaning one line for the documentation
 */
public record Setting<T>(
        String name, String defaultText, Function<String, T> parser, UnaryOperator<String> mask, String meaning) {
    /** Ends the name of the setting that names the file with the value. */
    static final String FILE_SUFFIX = "_FILE";

    /** Returns a setting for any text. */
    public static Setting<String> text(String name, String defaultText, String meaning) {
        return new Setting<>(name, defaultText, text -> text, UnaryOperator.identity(), meaning);
    }

    /** Returns a setting for text that is never shown. */
    public static Setting<Secret> secret(String name, String meaning) {
        return new Setting<>(name, "", Secret::new, text -> "***", meaning);
    }

    /** Returns a setting for items separated by commas. White space around items and empty items are ignored. */
    public static Setting<List<String>> list(String name, String defaultText, String meaning) {
        return new Setting<>(name, defaultText, Setting::items, UnaryOperator.identity(), meaning);
    }

    /** Returns a setting for {@code True/False}, {@code 1/0} or {@code yes/no}, ignoring case. */
    public static Setting<Boolean> flag(String name, boolean defaultValue, String meaning) {
        return new Setting<>(name, defaultValue ? "True" : "False", Setting::bool, UnaryOperator.identity(), meaning);
    }

    /** Returns a setting for a whole number between two inclusive bounds. */
    public static Setting<Integer> number(String name, int defaultValue, int least, int most, String meaning) {
        Function<String, Integer> parser = text -> {
            String expected = "a whole number from " + least + " to " + most;
            long value;
            try {
                value = Long.parseLong(text);
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException(expected, e);
            }
            if (value < least || value > most) {
                throw new IllegalArgumentException(expected);
            }
            return (int) value;
        };
        return new Setting<>(name, Integer.toString(defaultValue), parser, UnaryOperator.identity(), meaning);
    }

    /** Returns a setting for a duration such as {@code 500ms}, {@code 30s} or {@code 12h}; the default unit is seconds. */
    public static Setting<Duration> duration(String name, String defaultText, String meaning) {
        return new Setting<>(name, defaultText, Durations::parse, UnaryOperator.identity(), meaning);
    }

    /** Returns a setting for a constant of an enum, in lower case with hyphens. */
    public static <E extends Enum<E>> Setting<E> choice(String name, E defaultValue, String meaning) {
        E[] constants = defaultValue.getDeclaringClass().getEnumConstants();
        Function<String, E> parser = text -> Arrays.stream(constants)
                .filter(constant -> spelling(constant).equals(text.toLowerCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("one of "
                        + Arrays.stream(constants).map(Setting::spelling).collect(Collectors.joining(", "))));
        return new Setting<>(name, spelling(defaultValue), parser, UnaryOperator.identity(), meaning);
    }

    /** Returns the name of the setting for the path of a file with the value. */
    public String fileName() {
        return name + FILE_SUFFIX;
    }

    private static String spelling(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static List<String> items(String text) {
        return Arrays.stream(text.split(",", -1))
                .map(String::strip)
                .filter(item -> !item.isEmpty())
                .toList();
    }

    private static boolean bool(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "true", "1", "yes" -> true;
            case "false", "0", "no" -> false;
            default -> throw new IllegalArgumentException("True or False (or 1/0, yes/no)");
        };
    }
}
