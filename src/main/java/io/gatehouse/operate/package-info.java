/**
 * What an operator can see and do in one application, the same for the admin API and the command line. Answers are {@link
 * io.gatehouse.operate.Document}s, ready for JSON: names in camel case, times as ISO 8601 in UTC, lengths of time as numbers with the
 * unit in their name. No answer has a session id, a cookie's value, an attribute's value or a secret.
 */
@NullMarked
package io.gatehouse.operate;

import org.jspecify.annotations.NullMarked;
