/**
 * Leases on sessions: nodes answer from verified copies for a short time, and a node that changes or ends a session waits until they no longer
 * do. See ADR 38.
 */
@NullMarked
package io.gatehouse.internal.session.lease;

import org.jspecify.annotations.NullMarked;
