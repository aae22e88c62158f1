package io.gatehouse.cli;

import io.gatehouse.assembly.Capabilities;
import io.gatehouse.health.HealthReport;
import io.gatehouse.health.HealthSettings;
import io.gatehouse.health.RedisReport;
import io.gatehouse.health.RedisReport.PurposeReport;
import io.gatehouse.redis.Purpose;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;

/** The command {@code health}. */
@Command(name = "health", description = "Says whether Redis can be used from here, for each purpose; 3 if one cannot.")
final class HealthCommand extends RedisCommand {

    private static final List<Text.Column<Map.Entry<String, PurposeReport>>> COLUMNS = List.of(
            Text.column("purpose", Map.Entry::getKey),
            column("status", PurposeReport::status),
            column("fault", PurposeReport::fault),
            column("mode", PurposeReport::mode),
            column("role", PurposeReport::role),
            column("latencyMs", PurposeReport::latencyMs),
            column("breaker", PurposeReport::breaker));

    private static Text.Column<Map.Entry<String, PurposeReport>> column(
            String name, Function<PurposeReport, @Nullable Object> value) {
        return Text.column(name, entry -> value.apply(entry.getValue()));
    }

    @Override
    Set<Purpose> needs() {
        return Set.of();
    }

    @Override
    Answer answer(Capabilities capabilities) {
        HealthReport report = new HealthReport(
                capabilities.settings().session().application(),
                capabilities.redis(),
                capabilities.purposes(),
                Set.of(Purpose.SESSIONS),
                HealthSettings.Readiness.REQUIRED,
                () -> true,
                Optional::empty,
                Optional::empty);
        RedisReport health = report.redis(true).body();
        String table = Text.table(List.copyOf(health.purposes().entrySet()), "none", COLUMNS);
        String head = "Redis is " + health.status() + (health.degraded() ? ", degraded" : "");
        return Answer.of(health, Text.lines(head, table)).endingWith(health.degraded() ? Exit.UNHEALTHY : Exit.OK);
    }
}
