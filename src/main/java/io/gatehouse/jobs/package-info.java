/**
 * Jobs as applications use them: handlers, runs, and the state of a run.
 */
@NullMarked
package io.gatehouse.jobs;

import org.jspecify.annotations.NullMarked;
