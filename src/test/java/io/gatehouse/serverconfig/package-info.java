/** What is in {@code server-config/} does what it is for: every file is started as it is, or compared with the code where nothing here can start it. */
@NullMarked
package io.gatehouse.serverconfig;

import org.jspecify.annotations.NullMarked;
