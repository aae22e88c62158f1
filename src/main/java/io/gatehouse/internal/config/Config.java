package io.gatehouse.internal.config;

import io.gatehouse.ConfigurationProblem;
import io.gatehouse.InvalidConfigurationException;
import io.gatehouse.ProblemCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads settings from several sources and collects all problems. The first source with a name takes precedence.
 *
 * <p>A setting is looked up by its name in all sources, then by {@code NAME_FILE}, the path of a file with the value, in all sources.
 * If neither is set, the default applies; an empty value counts as not set. A value that cannot be parsed is recorded as a problem and
 * replaced by the default, so that reading continues and {@link #throwIfBroken()} reports all problems at once. Not thread-safe.
 */
public final class Config {
    private static final String DEFAULT = "default";
    private static final int MAX_FILE_BYTES = 64 * 1024;
    private static final Pattern FULL_PATH = Pattern.compile("(?s)(/|[A-Za-z]:[\\\\/]|\\\\\\\\)[^@]*");

    private final List<ConfigSource> sources;
    private final List<ConfigurationProblem> problems = new ArrayList<>();
    private final Set<ConfigurationWarning> warnings =
            new TreeSet<>(Comparator.comparing(ConfigurationWarning::message));

    /** @param sources the sources in order of precedence */
    public Config(List<ConfigSource> sources) {
        this.sources = List.copyOf(sources);
    }

    /** Returns the value of a setting. An invalid value is recorded as a problem, and the default is returned instead. */
    public <T> T read(Setting<T> setting) {
        Found found = find(setting);
        if (found != null) {
            try {
                return setting.parser().apply(found.text());
            } catch (IllegalArgumentException e) {
                problem(ProblemCode.INVALID_VALUE, setting, found, e.getMessage());
            }
        }
        return setting.parser().apply(setting.defaultText());
    }

    /**
     * Returns a supplier that reads a setting at each call, for secrets that change while the application runs. If the setting cannot
     * be read, the supplier returns the last valid value.
     */
    public <T> Supplier<T> rereading(Setting<T> setting) {
        AtomicReference<T> lastValid = new AtomicReference<>(read(setting));
        return () -> {
            Config fresh = new Config(sources);
            T value = fresh.read(setting);
            return fresh.problems.isEmpty() ? keep(lastValid, value) : lastValid.get();
        };
    }

    private static <T> T keep(AtomicReference<T> holder, T value) {
        holder.set(value);
        return value;
    }

    /** Returns whether any source has the setting, by name or by file. */
    public boolean isSet(Setting<?> setting) {
        return lookUp(setting.name()) != null || lookUp(setting.fileName()) != null;
    }

    /**
     * Returns the path of the file that a setting is read from, for a caller that watches it. Empty if the setting is set by its name, or
     * not set. The file is not opened.
     */
    public Optional<String> file(Setting<?> setting) {
        Found file = fileOf(setting, lookUp(setting.name()));
        return file == null ? Optional.empty() : Optional.of(file.text());
    }

    /**
     * Adds a problem whose message is complete.
     *
     * @param place the location of the problem, such as a file of the application
     */
    public void problem(ProblemCode code, Setting<?> setting, String place, String message) {
        problems.add(new ConfigurationProblem(code, setting.name(), place, message));
    }

    /** Adds the problem of an invalid value that no parser can detect, such as two settings that exclude each other. */
    public void problem(Setting<?> setting, @Nullable String expected) {
        problem(ProblemCode.INVALID_VALUE, setting, expected);
    }

    /** Adds a problem with the value of a setting; the message says what was found, where, and what was expected. */
    public void problem(ProblemCode code, Setting<?> setting, @Nullable String expected) {
        Found found = lookUp(setting.name());
        problem(code, setting, found != null ? found : new Found(setting.defaultText(), DEFAULT), expected);
    }

    /**
     * Throws if problems were found.
     *
     * @throws InvalidConfigurationException with all problems
     */
    public void throwIfBroken() {
        if (!problems.isEmpty()) {
            throw new InvalidConfigurationException(problems);
        }
    }

    /** Returns warnings of likely mistakes. An unknown name that starts with GATEHOUSE_ comes with the most similar known one. */
    public List<ConfigurationWarning> warnings(Collection<Setting<?>> known) {
        Set<String> names = known.stream()
                .flatMap(setting -> List.of(setting.name(), setting.fileName()).stream())
                .collect(Collectors.toCollection(TreeSet::new));
        List<ConfigurationWarning> all = new ArrayList<>(warnings);
        Set<String> seen = new TreeSet<>(names);
        for (ConfigSource source : sources) {
            for (String name : new TreeSet<>(source.names().get())) {
                if (name.startsWith("GATEHOUSE_") && seen.add(name)) {
                    all.add(new ConfigurationWarning(
                            ConfigurationWarning.Code.UNKNOWN_SETTING,
                            name,
                            name + " (" + source.label() + ") is not a setting of Gatehouse; did you mean "
                                    + SpellingSuggestions.nearest(name, names) + "?"));
                }
            }
        }
        return all;
    }

    /**
     * The current value of a setting, for people.
     *
     * @param shown the text of the value, with secrets masked
     * @param source the label of the source, or {@code default}
     */
    public record Value(String name, String shown, String source) {
        /** Returns whether no source has the setting. */
        public boolean isDefault() {
            return source.equals(DEFAULT);
        }
    }

    /** Returns the values of settings for people, in the given order, with secrets masked. */
    public List<Value> describe(Collection<Setting<?>> settings) {
        return settings.stream()
                .map(setting -> {
                    Found found = find(setting);
                    Found shown = found == null ? new Found(setting.defaultText(), DEFAULT) : found;
                    String text = shown.text().isEmpty() ? "" : setting.mask().apply(shown.text());
                    return new Value(setting.name(), text, shown.where());
                })
                .toList();
    }

    private void problem(ProblemCode code, Setting<?> setting, Found found, @Nullable String expected) {
        String shown = setting.mask().apply(found.text());
        String message = setting.name() + " is '" + shown + "' (" + found.where() + "); expected " + expected;
        problem(code, setting, setting.name(), message);
    }

    private @Nullable Found find(Setting<?> setting) {
        Found direct = lookUp(setting.name());
        Found file = fileOf(setting, direct);
        return file == null ? direct : readFile(setting, file);
    }

    private @Nullable Found fileOf(Setting<?> setting, @Nullable Found direct) {
        Found file = lookUp(setting.fileName());
        if (file != null && direct != null) {
            warnings.add(new ConfigurationWarning(
                    ConfigurationWarning.Code.FILE_IGNORED,
                    setting.name(),
                    setting.name() + " is set, so " + setting.fileName() + " is not read"));
            return null;
        }
        return file;
    }

    private @Nullable Found readFile(Setting<?> setting, Found file) {
        try {
            Path path = Path.of(file.text());
            if (Files.size(path) > MAX_FILE_BYTES) {
                throw new IOException("the file is longer than " + MAX_FILE_BYTES + " bytes");
            }
            String text = Files.readString(path, StandardCharsets.UTF_8).strip();
            return text.isEmpty() ? null : new Found(text, "file");
        } catch (IOException | InvalidPathException e) {
            boolean shown = isPath(setting, file.text());
            String text = shown ? file.text() : setting.mask().apply(file.text());
            String reason = shown ? e.toString() : e.getClass().getSimpleName();
            problem(
                    ProblemCode.UNREADABLE_FILE,
                    setting,
                    setting.fileName(),
                    setting.fileName() + " is '" + text + "' (" + file.where() + "); expected a readable text file: "
                            + reason);
            return null;
        }
    }

    /** Returns whether a text may be shown as a path. A text that does not look like a path may be the secret itself. */
    private static boolean isPath(Setting<?> setting, String text) {
        return setting.mask().apply(text).equals(text)
                || FULL_PATH.matcher(text).matches();
    }

    private @Nullable Found lookUp(String name) {
        for (ConfigSource source : sources) {
            String value = source.values().apply(name);
            if (value != null && !value.isBlank()) {
                return new Found(value.strip(), source.label());
            }
        }
        return null;
    }

    private record Found(String text, String where) {}
}
