/**
 * The import of sessions that Spring Session has written, so that users stay logged in when an application moves to Gatehouse.
 */
@NullMarked
package io.gatehouse.internal.springsession;

import org.jspecify.annotations.NullMarked;
