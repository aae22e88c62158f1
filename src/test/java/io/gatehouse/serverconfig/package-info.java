/** Tests of {@code server-config/}: every file is used to start what it is for, or compared with the code if nothing here can start it. */
@NullMarked
package io.gatehouse.serverconfig;

import org.jspecify.annotations.NullMarked;
