/** Tests of what only Payara has: commands that configure it after its start. */
@NullMarked
package io.gatehouse.servers.payara;

import org.jspecify.annotations.NullMarked;
