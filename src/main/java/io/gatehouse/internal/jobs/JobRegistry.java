package io.gatehouse.internal.jobs;

import io.gatehouse.internal.cron.CronSchedule;
import io.gatehouse.jobs.JobHandler;
import io.gatehouse.jobs.JobOptions;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/** The jobs of this node, by name. Thread-safe. */
public final class JobRegistry {
    private static final Pattern NAME = Pattern.compile("[a-z0-9-]{1,64}");
    private static final int MAX_JOBS = 500;

    private final Map<String, JobDefinition> definitions = new ConcurrentHashMap<>();
    private volatile Set<String> reserved = Set.of();

    JobRegistry() {}

    /** Keeps names of built-in jobs from the application, even of those that are disabled. */
    public void reserve(Set<String> names) {
        reserved = Set.copyOf(names);
    }

    /** Registers a job of Gatehouse. */
    public void registerBuiltIn(String name, JobHandler handler, JobOptions options) {
        add(new JobDefinition(checkedName(name), handler, "Gatehouse", options, null, true));
    }

    /**
     * Registers a job of the application.
     *
     * @param source names the code in messages, such as the class of the handler
     * @throws IllegalArgumentException if the name is invalid, built in, or has a handler already, or if the cron expression is
     *     invalid or never fires
     */
    public void register(String name, JobHandler handler, String source, JobOptions options) {
        checkedName(name);
        if (reserved.contains(name)) {
            throw new IllegalArgumentException(
                    "Job " + name + " of " + source + " has the name of a built-in job; expected another name than "
                            + String.join(", ", reserved.stream().sorted().toList()));
        }
        CronSchedule cron = options.cron().isEmpty() ? null : parse(name, source, options);
        add(new JobDefinition(name, handler, source, options, cron, false));
    }

    private static CronSchedule parse(String name, String source, JobOptions options) {
        try {
            return CronSchedule.parse(options.cron(), options.zone());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("Job " + name + " of " + source + ": " + e.getMessage(), e);
        }
    }

    private void add(JobDefinition added) {
        if (definitions.size() >= MAX_JOBS) {
            throw new IllegalArgumentException(
                    "Job " + added.name() + " is one too many; expected at most " + MAX_JOBS + " jobs");
        }
        JobDefinition other = definitions.putIfAbsent(added.name(), added);
        if (other != null) {
            throw new IllegalArgumentException("Job " + added.name() + " has two handlers: " + other.source() + " and "
                    + added.source() + "; expected one for each job");
        }
    }

    static String checkedName(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("Invalid job name '" + JobProgress.clip(name, 100)
                    + "'; expected 1 to 64 lower-case letters, digits and hyphens");
        }
        return name;
    }

    /** Returns whether this node runs a job. */
    public boolean contains(String name) {
        return definitions.containsKey(name);
    }

    Optional<JobDefinition> find(String name) {
        return Optional.ofNullable(definitions.get(name));
    }

    Collection<JobDefinition> all() {
        return List.copyOf(definitions.values());
    }
}
