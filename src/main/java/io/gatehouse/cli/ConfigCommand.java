package io.gatehouse.cli;

import io.gatehouse.assembly.Settings;
import io.gatehouse.config.Config;
import io.gatehouse.config.InvalidConfiguration;
import io.gatehouse.operate.ConfigurationViews.SettingList;
import io.gatehouse.operate.ConfigurationViews.SettingView;
import io.gatehouse.operate.Operator;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The command {@code config}, which needs no Redis. */
@Command(name = "config", description = "Says what the settings are and where they come from, with secrets masked.")
final class ConfigCommand extends OperatorCommand {
    @Option(names = "--set", description = "Only those that are not the default.")
    private boolean set;

    @Mixin
    private Site site;

    @Override
    Answer answer() {
        Config config = site.config(surroundings());
        SettingList shown = Operator.configuration(config.describe(Settings.ALL).stream()
                .filter(value -> !set || !value.isDefault())
                .toList());
        Answer answer = Answer.of(
                shown,
                Text.table(
                        shown.settings(),
                        "all by default",
                        List.of(
                                Text.column("name", SettingView::name),
                                Text.column("value", SettingView::value),
                                Text.column("source", SettingView::source))));
        config.warnings(Settings.ALL).forEach(warning -> say(warning.message()));
        try {
            Settings unused = Settings.from(config, "", path -> null);
            return answer;
        } catch (InvalidConfiguration e) {
            e.messages().stream().distinct().forEach(this::say);
            return answer.endingWith(Exit.USAGE);
        }
    }
}
