package io.gatehouse.servers.cached;

import io.gatehouse.jobs.Job;
import io.gatehouse.jobs.JobContext;
import io.gatehouse.jobs.JobHandler;
import io.gatehouse.jobs.JobResult;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import javax.naming.NamingException;

/** A job that calls beans of both scopes, a cached method and JNDI. */
@ApplicationScoped
@Job(name = "greet", cron = "0 3 1 1 *", zone = "Europe/Berlin", attempts = 1)
public class Greeting implements JobHandler {
    @Inject
    Directory directory;

    @Inject
    Steps steps;

    @Override
    public JobResult run(JobContext context) throws ClassNotFoundException, NamingException, Unknown {
        ClassLoader loader = Thread.currentThread().getContextClassLoader();
        boolean ours = Class.forName(Directory.class.getName(), false, loader) == Directory.class;
        steps.next();
        String found = directory.find(context.argument("user", Directory.UNKNOWN), "red");
        return JobResult.of("step " + steps.next() + (ours ? " of the application, " : " of another, ")
                + CachedServlet.executor() + ": " + found);
    }
}
