/** The application for all that CDI and listeners do with sessions: a club with members, conversations and a journal. */
@NullMarked
package io.gatehouse.servers.club;

import org.jspecify.annotations.NullMarked;
