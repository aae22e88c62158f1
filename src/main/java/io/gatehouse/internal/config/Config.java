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
 * Reads settings from sources in order, the first that has a name wins, and gathers every problem on the way.
 *
 * <p>A name is looked for in all sources, then {@code NAME_FILE}, a file that holds the value, in all sources; then the
 * default holds. A value that cannot be read is noted as a problem and the default stands in, so that reading goes on and
 * {@link #throwIfBroken()} can report everything at once. An empty value counts as not set. For one thread, at start.
 */
public final class Config {
    private static final String DEFAULT = "default";
    private static final int LONGEST_FILE = 64 * 1024;
    private static final Pattern FULL_PATH = Pattern.compile("(?s)(/|[A-Za-z]:[\\\\/]|\\\\\\\\)[^@]*");

    private final List<ConfigSource> sources;
    private final List<ConfigurationProblem> problems = new ArrayList<>();
    private final Set<ConfigurationWarning> warnings =
            new TreeSet<>(Comparator.comparing(ConfigurationWarning::message));

    public Config(List<ConfigSource> sources) {
        this.sources = List.copyOf(sources);
    }

    /** The value of a setting, or its default when the found one is unusable (which is noted). */
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
     * Reads a setting again on each call, for secrets that change while the application runs; what cannot be read
     * leaves the last good value.
     */
    public <T> Supplier<T> rereading(Setting<T> setting) {
        AtomicReference<T> lastGood = new AtomicReference<>(read(setting));
        return () -> {
            Config fresh = new Config(sources);
            T value = fresh.read(setting);
            return fresh.problems.isEmpty() ? keep(lastGood, value) : lastGood.get();
        };
    }

    private static <T> T keep(AtomicReference<T> holder, T value) {
        holder.set(value);
        return value;
    }

    /** Whether any source has the setting, by name or by file. */
    public boolean isSet(Setting<?> setting) {
        return lookUp(setting.name()) != null || lookUp(setting.fileName()) != null;
    }

    /**
     * The file that a setting is to be read from, for a reader that watches it; empty if the setting is given by its name, or
     * not at all. The file itself is not looked at.
     */
    public Optional<String> file(Setting<?> setting) {
        Found file = fileOf(setting, lookUp(setting.name()));
        return file == null ? Optional.empty() : Optional.of(file.text());
    }

    /**
     * Adds a problem whose message is complete.
     *
     * @param place where the problem is, such as a file of the application
     */
    public void problem(ProblemCode code, Setting<?> setting, String place, String message) {
        problems.add(new ConfigurationProblem(code, setting.name(), place, message));
    }

    /** Adds an invalid value that only a capability can see, such as two settings that exclude each other. */
    public void problem(Setting<?> setting, @Nullable String expected) {
        problem(ProblemCode.INVALID_VALUE, setting, expected);
    }

    /** Adds a problem with the value of a setting; the message says what was found, where, and what was expected. */
    public void problem(ProblemCode code, Setting<?> setting, @Nullable String expected) {
        Found found = lookUp(setting.name());
        problem(code, setting, found != null ? found : new Found(setting.defaultText(), DEFAULT), expected);
    }

    /** Refuses to go on if anything was wrong. */
    public void throwIfBroken() {
        if (!problems.isEmpty()) {
            throw new InvalidConfigurationException(problems);
        }
    }

    /** What is allowed but looks like a mistake. An unknown name that starts with GATEHOUSE_ comes with the nearest known one. */
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
     * What a setting is, for people.
     *
     * @param shown its text, secrets masked
     * @param source where it was found, or {@code default}
     */
    public record Value(String name, String shown, String source) {
        public boolean isDefault() {
            return source.equals(DEFAULT);
        }
    }

    /** What settings are, for people: as they were given, with secrets masked, in the order given. */
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
            if (Files.size(path) > LONGEST_FILE) {
                throw new IOException("it is longer than " + LONGEST_FILE + " bytes");
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

    /** Whether a text may be shown as a path: where one stands that is none, it may be the secret itself. */
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
