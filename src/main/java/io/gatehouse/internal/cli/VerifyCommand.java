package io.gatehouse.internal.cli;

import io.gatehouse.internal.config.Config;
import io.gatehouse.internal.diagnostics.Finding;
import io.gatehouse.internal.diagnostics.Severity;
import io.gatehouse.internal.diagnostics.Verification;
import io.gatehouse.internal.diagnostics.VerifyReport;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The command {@code verify}. */
@Command(
        name = "verify",
        description =
                "Looks at the configuration and at every Redis that it names, tries sessions, limits and cache there, and"
                        + " says what to change. Leaves nothing behind.")
final class VerifyCommand extends OperatorCommand {
    /** In the column of what to do. */
    private static final String NOTHING = "-";

    @Option(
            names = "--fail-level",
            paramLabel = "LEVEL",
            defaultValue = "error",
            description = "info, warning or error (default: ${DEFAULT-VALUE}): what is as bad or worse ends with 3.")
    private Severity failLevel = Severity.ERROR;

    @Mixin
    private ApplicationOptions applicationOptions;

    @Override
    CommandResult answer() {
        Config config = applicationOptions.config(surroundings());
        ApplicationOptions.checkNamed(config);
        ProgressLine line =
                new ProgressLine(spec.commandLine().getErr(), surroundings().terminal());
        VerifyReport report;
        try {
            report = new Verification(config, "", path -> null, surroundings().clock())
                    .run(checkGroup -> line.show("looking at " + checkGroup.label()));
        } finally {
            line.end();
        }
        return CommandResult.of(VerifyDocument.of(report), text(report))
                .endingWith(report.fails(failLevel) ? ExitCode.UNHEALTHY : ExitCode.OK);
    }

    private static String text(VerifyReport report) {
        List<String> lines = new ArrayList<>();
        for (Finding finding : report.findings()) {
            lines.add(
                    TextFormatter.plain(finding.id() + " " + finding.severity().label() + ", " + finding.subject()
                            + ": " + finding.check().title()));
            lines.add("  found: " + TextFormatter.plain(finding.found()));
            lines.add("  why:   " + finding.why());
            if (!finding.remedy().equals(NOTHING)) {
                lines.add("  do:    " + finding.remedy());
            }
        }
        lines.add("");
        lines.add(TextFormatter.count(report.count(Severity.ERROR), "error") + ", "
                + TextFormatter.count(report.count(Severity.WARNING), "warning") + ", "
                + TextFormatter.count(report.count(Severity.INFO), "info") + "; " + report.checked()
                + " things looked at");
        return TextFormatter.lines(lines.toArray(String[]::new));
    }
}
