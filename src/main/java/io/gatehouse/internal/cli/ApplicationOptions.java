package io.gatehouse.internal.cli;

import io.gatehouse.internal.config.Config;
import io.gatehouse.internal.config.ConfigSource;
import io.gatehouse.internal.config.EnvFile;
import io.gatehouse.internal.session.SessionSettings;
import io.gatehouse.internal.wiring.Settings;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that name the application and the file of its settings. */
final class ApplicationOptions {
    private static final int MAX_FILE_BYTES = 1 << 20;

    @Option(
            names = "--application",
            paramLabel = "NAME",
            description = "The application to operate on: GATEHOUSE_APPLICATION of its server, or its context path"
                    + " without the slash (ROOT if it is empty).")
    private @Nullable String application;

    @Option(
            names = "--env-file",
            paramLabel = "FILE",
            description =
                    "A file with lines NAME=value, as Docker Compose reads it. Can be repeated; the last one wins. System"
                            + " properties and the environment take precedence.")
    private List<String> envFiles = List.of();

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description =
                    "A properties file with settings. System properties, the environment and --env-file take precedence.")
    private @Nullable String file;

    /**
     * Returns the configuration from the options, the system properties, the environment, the files of variables and the properties file, in
     * this order.
     */
    Config config(CliEnvironment cliEnvironment) {
        Map<String, String> given = new LinkedHashMap<>();
        if (application != null) {
            given.put(SessionSettings.APPLICATION.name(), application);
        }
        List<ConfigSource> sources = new ArrayList<>();
        sources.add(ConfigSource.of("command line", given));
        sources.addAll(cliEnvironment.sources());
        for (int i = envFiles.size() - 1; i >= 0; i--) {
            sources.add(ConfigSource.of(envFiles.get(i), variables(envFiles.get(i), List.copyOf(sources))));
        }
        if (file != null) {
            sources.add(ConfigSource.of(file, properties(file)));
        }
        return new Config(sources);
    }

    /**
     * Returns the settings of the application.
     *
     * @throws io.gatehouse.InvalidConfigurationException if the configuration is invalid; it lists all problems
     */
    Settings settings(CliEnvironment cliEnvironment) {
        Config config = config(cliEnvironment);
        checkNamed(config);
        return Settings.from(config, "", path -> null);
    }

    /** Ends the command if the application is not named. */
    static void checkNamed(Config config) {
        if (!config.isSet(SessionSettings.APPLICATION)) {
            throw new CommandException(
                    ExitCode.USAGE,
                    "the application is not named; expected --application NAME or GATEHOUSE_APPLICATION: the name that its"
                            + " server uses, or its context path without the slash (ROOT if it is empty)");
        }
    }

    /** Returns the variables of a file that no source has. */
    private static Map<String, String> variables(String file, List<ConfigSource> sources) {
        try {
            return EnvFile.read(file)
                    .without(name ->
                            sources.stream().anyMatch(source -> source.values().apply(name) != null));
        } catch (IllegalArgumentException e) {
            throw new CommandException(ExitCode.USAGE, "--env-file: " + e.getMessage());
        }
    }

    private static Map<String, String> properties(String file) {
        Properties properties = new Properties();
        try {
            Path path = Path.of(file);
            if (Files.size(path) > MAX_FILE_BYTES) {
                throw new CommandException(
                        ExitCode.USAGE,
                        "--config: " + file + " has " + Files.size(path) + " bytes; expected at most "
                                + MAX_FILE_BYTES);
            }
            try (Reader reader = Files.newBufferedReader(path, StandardCharsets.UTF_8)) {
                properties.load(reader);
            }
        } catch (IOException | IllegalArgumentException e) {
            throw new CommandException(ExitCode.USAGE, "--config: cannot read " + file + " as a properties file: " + e);
        }
        Map<String, String> settings = new LinkedHashMap<>();
        properties.stringPropertyNames().forEach(name -> settings.put(name, properties.getProperty(name)));
        return settings;
    }
}
