package io.gatehouse.jobs;

/**
 * The code of a job: a CDI bean with {@link Job}, or an object given to {@link Jobs#register}. A run may be executed again after its node died, so the code must be idempotent. Called by one thread for
 * each run; several runs may call it at the same time. The thread has the class loader of the application and, if the server has
 * them, its {@code java:comp} names and an active CDI request context of its own; it has no user and no transaction.
 *
 * <pre>{@code
 * JobHandler purge = context -> {
 *     int removed = 0;
 *     for (Report report : reports.outdated()) {
 *         context.checkCancelled();
 *         reports.delete(report);
 *         context.progress(++removed, 0, report.name());
 *     }
 *     return JobResult.of(removed + " reports removed");
 * };
 * }</pre>
 */
@FunctionalInterface
public interface JobHandler {
    /**
     * Executes the job.
     *
     * @return how much was done; never null, and a sentence for people; its first 1,000 characters are kept
     * @throws Exception if the attempt failed; its class and the first 200 characters of its message are kept. An {@link Error}
     *     counts as well
     */
    JobResult run(JobContext context) throws Exception;
}
