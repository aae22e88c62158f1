package io.gatehouse.internal.cli;

import io.gatehouse.RedisPurpose;
import io.gatehouse.internal.health.HealthReport;
import io.gatehouse.internal.health.HealthSettings;
import io.gatehouse.internal.health.RedisReport;
import io.gatehouse.internal.health.RedisReport.PurposeReport;
import io.gatehouse.internal.wiring.Components;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;

/** The command {@code health}, which reports whether Redis can be used from this host. */
@Command(
        name = "health",
        description =
                "Reports for each purpose whether Redis can be used from this host. Exits with 3 if one cannot be used.")
final class HealthCommand extends RedisCommand {

    private static final List<TextFormatter.Column<Map.Entry<String, PurposeReport>>> COLUMNS = List.of(
            TextFormatter.column("purpose", Map.Entry::getKey),
            column("status", PurposeReport::status),
            column("fault", PurposeReport::fault),
            column("mode", PurposeReport::mode),
            column("role", PurposeReport::role),
            column("latencyMs", PurposeReport::latencyMs),
            column("breaker", PurposeReport::breaker));

    private static TextFormatter.Column<Map.Entry<String, PurposeReport>> column(
            String name, Function<PurposeReport, @Nullable Object> value) {
        return TextFormatter.column(name, entry -> value.apply(entry.getValue()));
    }

    @Override
    Set<RedisPurpose> requiredPurposes() {
        return Set.of();
    }

    @Override
    CommandResult run(Components components) {
        HealthReport report = new HealthReport(
                components.settings().session().application(),
                components.redis(),
                components.purposes(),
                Set.of(RedisPurpose.SESSIONS),
                HealthSettings.Readiness.REQUIRED,
                () -> true,
                Optional::empty,
                Optional::empty,
                () -> null);
        RedisReport health = report.redis(true).body();
        String table = TextFormatter.table(List.copyOf(health.purposes().entrySet()), "none", COLUMNS);
        String head = Colors.in(
                health.degraded() ? Colors.BAD : Colors.GOOD,
                "Redis is " + health.status() + (health.degraded() ? ", degraded" : ""));
        return CommandResult.of(health, TextFormatter.lines(head, table))
                .withExit(health.degraded() ? ExitCode.UNHEALTHY : ExitCode.OK);
    }
}
