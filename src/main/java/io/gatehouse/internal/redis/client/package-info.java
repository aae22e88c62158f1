/** The Jedis client that applications get from {@code Gatehouse.redis}, which uses the connections of Gatehouse. */
@NullMarked
package io.gatehouse.internal.redis.client;

import org.jspecify.annotations.NullMarked;
