/** The application whose users the server knows: by FORM log-in, by {@code login()}, or by a mechanism of Jakarta Security. */
@NullMarked
package io.gatehouse.servers.guarded;

import org.jspecify.annotations.NullMarked;
