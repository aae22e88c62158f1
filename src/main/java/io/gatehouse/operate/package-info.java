/**
 * The operations of an application for the admin API and the command line. Answers are records; {@link
 * io.gatehouse.operate.JsonWriter} writes them as JSON: names in camel case, times as ISO 8601 in UTC, durations as numbers with the
 * unit in their name. No answer has a session id, a cookie's value, an attribute's value or a secret.
 */
@NullMarked
package io.gatehouse.operate;

import org.jspecify.annotations.NullMarked;
