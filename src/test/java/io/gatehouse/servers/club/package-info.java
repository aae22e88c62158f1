/** An application for tests of CDI and listeners: a club with members, conversations and a journal. */
@NullMarked
package io.gatehouse.servers.club;

import org.jspecify.annotations.NullMarked;
