package io.gatehouse.internal.cli;

import io.gatehouse.internal.config.Config;
import io.gatehouse.internal.config.ConfigSource;
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

/** The options about which application it is, and where its settings stand. */
final class ApplicationOptions {
    private static final int LONGEST_FILE = 1 << 20;

    @Option(
            names = "--application",
            paramLabel = "NAME",
            description = "Whose sessions, limits and cache: the server's GATEHOUSE_APPLICATION, or its context path"
                    + " without the slash, ROOT for the empty one.")
    private @Nullable String application;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "Settings as properties; environment and system properties come first.")
    private @Nullable String file;

    Config config(CliEnvironment cliEnvironment) {
        Map<String, String> given = new LinkedHashMap<>();
        if (application != null) {
            given.put(SessionSettings.APPLICATION.name(), application);
        }
        List<ConfigSource> sources = new ArrayList<>();
        sources.add(ConfigSource.of("command line", given));
        sources.addAll(cliEnvironment.sources());
        if (file != null) {
            sources.add(ConfigSource.of(file, properties(file)));
        }
        return new Config(sources);
    }

    /**
     * The settings of the application for a command.
     *
     * @throws io.gatehouse.InvalidConfigurationException with every problem, if there is one
     */
    Settings settings(CliEnvironment cliEnvironment) {
        Config config = config(cliEnvironment);
        checkNamed(config);
        return Settings.from(config, "", path -> null);
    }

    /** Ends the command if nobody says which application it is. */
    static void checkNamed(Config config) {
        if (!config.isSet(SessionSettings.APPLICATION)) {
            throw new CommandException(
                    ExitCode.USAGE,
                    "which application? Say --application NAME or set GATEHOUSE_APPLICATION: the name that its server has,"
                            + " or its context path without the slash (ROOT for the empty one)");
        }
    }

    private static Map<String, String> properties(String file) {
        Properties properties = new Properties();
        try {
            Path path = Path.of(file);
            if (Files.size(path) > LONGEST_FILE) {
                throw new CommandException(
                        ExitCode.USAGE, "--config: " + file + " is longer than " + LONGEST_FILE + " bytes");
            }
            try (Reader reader = Files.newBufferedReader(path, StandardCharsets.UTF_8)) {
                properties.load(reader);
            }
        } catch (IOException | IllegalArgumentException e) {
            throw new CommandException(ExitCode.USAGE, "--config: " + file + " cannot be read as properties: " + e);
        }
        Map<String, String> settings = new LinkedHashMap<>();
        properties.stringPropertyNames().forEach(name -> settings.put(name, properties.getProperty(name)));
        return settings;
    }
}
