/** What only Payara has: commands that set it up when it has started. */
@NullMarked
package io.gatehouse.servers.payara;

import org.jspecify.annotations.NullMarked;
