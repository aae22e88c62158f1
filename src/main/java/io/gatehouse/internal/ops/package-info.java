/**
 * The operations of an administrator on one application, shared by the admin API and the command line. Results are
 * records, ready for JSON: names in camel case, times as ISO 8601 in UTC, durations as numbers with the unit in their
 * name. No result contains a session id, a cookie value, an attribute value or a secret.
 */
@NullMarked
package io.gatehouse.internal.ops;

import org.jspecify.annotations.NullMarked;
