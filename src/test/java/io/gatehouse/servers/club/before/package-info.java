/** What the club had before its new version: a bean in sessions that no later version has. */
@NullMarked
package io.gatehouse.servers.club.before;

import org.jspecify.annotations.NullMarked;
