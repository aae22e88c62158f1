/**
 * Sessions as applications administer them: list, inspect, count and terminate sessions, and observe their end. Requests
 * use the standard {@code HttpSession}.
 */
@NullMarked
package io.gatehouse.session;

import org.jspecify.annotations.NullMarked;
