package io.gatehouse.internal.cli;

import io.gatehouse.internal.config.Config;
import io.gatehouse.internal.diagnostics.Finding;
import io.gatehouse.internal.diagnostics.Severity;
import io.gatehouse.internal.diagnostics.Verification;
import io.gatehouse.internal.diagnostics.VerifyReport;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi.IStyle;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The command {@code verify}, which checks the configuration and Redis. */
@Command(
        name = "verify",
        description = "Checks the configuration and every Redis it names, tests sessions, limits and cache there, and"
                + " reports what to change. Leaves nothing behind.")
final class VerifyCommand extends OperatorCommand {
    /** The remedy of findings that need none. */
    private static final String NO_REMEDY = "-";

    @Option(
            names = "--fail-level",
            paramLabel = "LEVEL",
            defaultValue = "error",
            description =
                    "info, warning or error (default: ${DEFAULT-VALUE}). Exits with 3 if a finding is this severe or worse.")
    private Severity failLevel = Severity.ERROR;

    @Mixin
    private ApplicationOptions applicationOptions;

    @Override
    CommandResult run() {
        Config config = applicationOptions.config(environment());
        ApplicationOptions.checkNamed(config);
        ProgressLine line = ProgressLine.of(this);
        VerifyReport report;
        try {
            report = new Verification(config, "", path -> null, environment().clock())
                    .run(checkGroup -> line.show("checking " + checkGroup.label()));
        } finally {
            line.end();
        }
        return CommandResult.of(VerifyDocument.of(report), text(report))
                .withExit(report.fails(failLevel) ? ExitCode.UNHEALTHY : ExitCode.OK);
    }

    private static List<IStyle> style(Severity severity) {
        return switch (severity) {
            case ERROR -> Colors.BAD;
            case WARNING -> Colors.DOUBTFUL;
            case INFO -> Colors.HEADING;
        };
    }

    private static String text(VerifyReport report) {
        List<String> lines = new ArrayList<>();
        for (Finding finding : report.findings()) {
            lines.add(Colors.in(
                            style(finding.severity()),
                            finding.id() + " " + finding.severity().label())
                    + TextFormatter.plain(
                            ", " + finding.subject() + ": " + finding.check().title()));
            lines.add("  found: " + TextFormatter.plain(finding.found()));
            lines.add("  why:   " + finding.why());
            if (!finding.remedy().equals(NO_REMEDY)) {
                lines.add("  do:    " + finding.remedy());
            }
        }
        lines.add("");
        lines.add(TextFormatter.count(report.count(Severity.ERROR), "error") + ", "
                + TextFormatter.count(report.count(Severity.WARNING), "warning") + ", "
                + TextFormatter.count(report.count(Severity.INFO), "info") + "; " + report.checked()
                + " checks made");
        return TextFormatter.lines(lines.toArray(String[]::new));
    }
}
