/**
 * The implementation of jobs: a durable queue and a run log in Redis.
 *
 * <p>A node holds a run by a lease. When the node dies, the lease expires and another node runs the job again, so a job
 * handler must be idempotent.
 */
@NullMarked
package io.gatehouse.internal.jobs;

import org.jspecify.annotations.NullMarked;
