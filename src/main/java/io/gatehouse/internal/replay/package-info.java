/**
 * Replays access logs against rate limit rules and reports which requests the rules would have refused.
 */
@NullMarked
package io.gatehouse.internal.replay;

import org.jspecify.annotations.NullMarked;
