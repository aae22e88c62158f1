package io.gatehouse.internal.cli;

import io.gatehouse.InvalidConfigurationException;
import io.gatehouse.internal.config.Config;
import io.gatehouse.internal.ops.ConfigurationViews.SettingList;
import io.gatehouse.internal.ops.ConfigurationViews.SettingView;
import io.gatehouse.internal.ops.Operations;
import io.gatehouse.internal.wiring.Settings;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The command {@code config}, which shows the settings. It needs no Redis. */
@Command(name = "config", description = "Prints the settings and where each comes from, with secrets masked.")
final class ConfigCommand extends OperatorCommand {
    @Option(names = "--set", description = "Prints only the settings that are not the default.")
    private boolean set;

    @Mixin
    private ApplicationOptions applicationOptions;

    @Override
    CommandResult run() {
        Config config = applicationOptions.config(environment());
        SettingList shown = Operations.configuration(config.describe(Settings.ALL).stream()
                .filter(value -> !set || !value.isDefault())
                .toList());
        CommandResult result = CommandResult.of(
                shown,
                TextFormatter.table(
                        shown.settings(),
                        "all settings have their default",
                        List.of(
                                TextFormatter.column("name", SettingView::name),
                                TextFormatter.column("value", SettingView::value),
                                TextFormatter.column("source", SettingView::source))));
        config.warnings(Settings.ALL).forEach(warning -> say(warning.message()));
        try {
            Settings unused = Settings.from(config, "", path -> null);
            return result;
        } catch (InvalidConfigurationException e) {
            e.messages().stream().distinct().forEach(this::say);
            return result.withExit(ExitCode.USAGE);
        }
    }
}
