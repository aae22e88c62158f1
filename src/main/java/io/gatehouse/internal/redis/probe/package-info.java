/** Diagnostics of one Redis server over separate connections: versions, settings, ACL rights and latency. */
@NullMarked
package io.gatehouse.internal.redis.probe;

import org.jspecify.annotations.NullMarked;
