package io.gatehouse.servers.ear.web;

import io.gatehouse.jobs.Job;
import io.gatehouse.jobs.JobContext;
import io.gatehouse.jobs.JobHandler;
import io.gatehouse.jobs.JobResult;
import io.gatehouse.servers.ear.lib.Archive;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

/** A job of a WAR that calls the shared bean. */
@ApplicationScoped
@Job(name = "file", attempts = 1)
public class Filing implements JobHandler {
    @Inject
    Archive archive;

    @Override
    public JobResult run(JobContext context) {
        return JobResult.of("filed with " + archive.get("key"));
    }
}
