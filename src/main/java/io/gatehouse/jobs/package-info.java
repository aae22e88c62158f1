/**
 * Work that runs on one node of the cluster at a time: a queue and a log of runs in Redis.
 *
 * <p>{@link io.gatehouse.jobs.RedisJobs} submits runs and tells of them, {@link io.gatehouse.jobs.JobRunner} does them. A node holds
 * a run by a lease; when the node dies the lease ends and another node does the run again, so a {@link
 * io.gatehouse.jobs.JobWork} must bear being done twice.
 */
@NullMarked
package io.gatehouse.jobs;

import org.jspecify.annotations.NullMarked;
