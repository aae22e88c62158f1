/** An application with container authentication: by FORM, {@code login()}, or a mechanism of Jakarta Security. */
@NullMarked
package io.gatehouse.servers.guarded;

import org.jspecify.annotations.NullMarked;
