package io.gatehouse.internal.cron;

import com.cronutils.model.Cron;
import com.cronutils.model.CronType;
import com.cronutils.model.definition.CronDefinition;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.field.CronFieldName;
import com.cronutils.model.field.expression.Always;
import com.cronutils.model.field.expression.Every;
import com.cronutils.model.field.expression.FieldExpression;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The fire times of a cron expression with five fields, as in crontab(5), in a time zone. Immutable.
 *
 * <p>cron-utils computes on a calendar without changes of the offset; this class maps its local times to instants. If the clock is set
 * forward, a local time that is skipped fires at the moment of the change. If it is set back, an expression with {@code *} as hour fires
 * in both of the repeated hours, and any other one only in the first.
 */
public final class CronSchedule {
    private static final CronDefinition FORMAT = CronDefinitionBuilder.instanceDefinitionFor(CronType.UNIX);
    private static final int MAX_LENGTH = 200;
    private static final Pattern CHARACTERS = Pattern.compile("[-0-9A-Za-z*/, ]*");
    private static final Duration FIRST_WINDOW = Duration.ofMinutes(1);
    private static final Duration LAST_WINDOW = Duration.ofDays(366);

    private final String expression;
    private final ZoneId zone;
    private final ExecutionTime times;
    private final boolean everyHour;

    private CronSchedule(String expression, ZoneId zone, Cron cron) {
        this.expression = expression;
        this.zone = zone;
        this.times = ExecutionTime.forCron(cron);
        FieldExpression hour = cron.retrieve(CronFieldName.HOUR).getExpression();
        this.everyHour = hour instanceof Always || hour instanceof Every;
    }

    /**
     * Parses an expression.
     *
     * @throws IllegalArgumentException if it is invalid or has no fire time
     */
    public static CronSchedule parse(String expression, ZoneId zone) {
        if (expression.length() > MAX_LENGTH || !CHARACTERS.matcher(expression).matches()) {
            throw new IllegalArgumentException("The cron expression has " + expression.length()
                    + " characters, or some that are not allowed; expected at most " + MAX_LENGTH
                    + " letters, digits, spaces and *,/-");
        }
        CronSchedule parsed;
        try {
            parsed = new CronSchedule(
                    expression, zone, new CronParser(FORMAT).parse(expression).validate());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "The cron expression '" + expression + "' is invalid (" + e.getMessage()
                            + "); expected minute, hour, day of month, month and day of week, such as '0 3 * * *'",
                    e);
        }
        if (parsed.nextLocal(LocalDateTime.of(2000, 1, 1, 0, 0)) == null) {
            throw new IllegalArgumentException("The cron expression '" + expression
                    + "' never fires, because no date matches it; correct the day of month or the month");
        }
        return parsed;
    }

    /** Returns the first fire time after an instant, or empty if there is none in the calendar of cron-utils. */
    public Optional<Instant> next(Instant after) {
        ZoneRules rules = zone.getRules();
        ZoneOffset offset = rules.getOffset(after);
        LocalDateTime local = LocalDateTime.ofInstant(after, offset);
        Instant cursor = after;
        while (true) {
            ZoneOffsetTransition last = rules.previousTransition(cursor.plusNanos(1));
            if (!everyHour && last != null && last.isOverlap() && local.isBefore(last.getDateTimeBefore())) {
                local = last.getDateTimeBefore().minusNanos(1); // the local times before have fired already
            }
            LocalDateTime candidate = nextLocal(local);
            if (candidate == null) {
                return Optional.empty();
            }
            Instant found = candidate.toInstant(offset);
            ZoneOffsetTransition change = rules.nextTransition(cursor);
            if (change == null || found.isBefore(change.getInstant())) {
                return Optional.of(found);
            }
            if (!everyHour && change.isGap() && candidate.isBefore(change.getDateTimeAfter())) {
                return Optional.of(change.getInstant());
            }
            cursor = change.getInstant();
            offset = change.getOffsetAfter();
            local = change.getDateTimeAfter().minusNanos(1); // the moment of the change itself may be a fire time
        }
    }

    /** Returns the last fire time at or before an instant, or empty if there was none in the year before. */
    public Optional<Instant> previous(Instant until) {
        for (Duration window = FIRST_WINDOW; ; window = window.multipliedBy(2)) {
            Instant found = next(until.minus(window)).orElse(null);
            if (found != null && !found.isAfter(until)) {
                Instant later = found;
                while (later != null && !later.isAfter(until)) {
                    found = later;
                    later = next(found).orElse(null);
                }
                return Optional.of(found);
            }
            if (window.compareTo(LAST_WINDOW) > 0) {
                return Optional.empty();
            }
        }
    }

    private @Nullable LocalDateTime nextLocal(LocalDateTime after) {
        return times.nextExecution(after.atZone(ZoneOffset.UTC))
                .map(ZonedDateTime::toLocalDateTime)
                .orElse(null);
    }

    /** Returns the expression and the time zone. */
    @Override
    public String toString() {
        return expression + " " + zone;
    }
}
