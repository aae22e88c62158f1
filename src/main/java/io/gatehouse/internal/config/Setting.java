package io.gatehouse.internal.config;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * One name of the configuration: its default as a person would write it, how its text is read, and what it means.
 *
 * <p>Settings are constants of the capability that uses them; the documentation is compared with them by a test.
 *
 * @param name the name in every source, such as {@code REDIS_URL}
 * @param defaultText what holds when no source has the name; empty means unset
 * @param parser turns text into a value, or throws {@link IllegalArgumentException} whose message says what was expected
 * @param mask how a found value may be shown
 * @param meaning one line for the documentation
 */
public record Setting<T>(
        String name, String defaultText, Function<String, T> parser, UnaryOperator<String> mask, String meaning) {

    /** Any text. */
    public static Setting<String> text(String name, String defaultText, String meaning) {
        return new Setting<>(name, defaultText, text -> text, UnaryOperator.identity(), meaning);
    }

    /** Text that is never shown. */
    public static Setting<Secret> secret(String name, String meaning) {
        return new Setting<>(name, "", Secret::new, text -> "***", meaning);
    }

    /** Items between commas; blanks around them and empty items do not count. */
    public static Setting<List<String>> list(String name, String defaultText, String meaning) {
        return new Setting<>(name, defaultText, Setting::items, UnaryOperator.identity(), meaning);
    }

    /** {@code True/False}, {@code 1/0} or {@code yes/no}, in any case. */
    public static Setting<Boolean> flag(String name, boolean defaultValue, String meaning) {
        return new Setting<>(name, defaultValue ? "True" : "False", Setting::bool, UnaryOperator.identity(), meaning);
    }

    /** A whole number between two bounds, both allowed. */
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

    /** A length of time such as {@code 500ms}, {@code 30s}, {@code 15m}, {@code 12h}, {@code 30d}; a bare number is seconds. */
    public static Setting<Duration> duration(String name, String defaultText, String meaning) {
        return new Setting<>(name, defaultText, Durations::parse, UnaryOperator.identity(), meaning);
    }

    /** One of the constants of an enum, in lower case with hyphens. */
    public static <E extends Enum<E>> Setting<E> choice(String name, E defaultValue, String meaning) {
        E[] constants = defaultValue.getDeclaringClass().getEnumConstants();
        Function<String, E> parser = text -> Arrays.stream(constants)
                .filter(constant -> spelling(constant).equals(text.toLowerCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("one of "
                        + Arrays.stream(constants).map(Setting::spelling).collect(Collectors.joining(", "))));
        return new Setting<>(name, spelling(defaultValue), parser, UnaryOperator.identity(), meaning);
    }

    /** The name under which a file may be given that holds the value. */
    public String fileName() {
        return name + "_FILE";
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
