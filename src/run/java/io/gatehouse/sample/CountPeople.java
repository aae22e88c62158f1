package io.gatehouse.sample;

import io.gatehouse.jobs.Job;
import io.gatehouse.jobs.JobContext;
import io.gatehouse.jobs.JobHandler;
import io.gatehouse.jobs.JobResult;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

/** A job of the application: counts people by the first letter of their names, every five minutes and from the jobs page. */
@ApplicationScoped
@Job(name = "count-people", cron = "*/5 * * * *", attempts = 2, backoff = "5s", timeout = "1m")
public class CountPeople implements JobHandler {
    @Override
    public JobResult run(JobContext context) {
        List<String> letters = context.texts("letters");
        long counted = Directory.PEOPLE.stream()
                .filter(person -> letters.isEmpty() || letters.contains(person.substring(0, 1)))
                .count();
        return new JobResult(counted, 0, 0, counted, true, counted + " people");
    }
}
