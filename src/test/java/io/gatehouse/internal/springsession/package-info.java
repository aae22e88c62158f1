/** Tests the import of sessions of Spring Session with the real library. */
@NullMarked
package io.gatehouse.internal.springsession;

import org.jspecify.annotations.NullMarked;
