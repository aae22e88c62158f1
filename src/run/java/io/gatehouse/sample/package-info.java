/** A small application for trying Gatehouse: login, a page that uses the session in several ways, cache, jobs and logout. */
@NullMarked
package io.gatehouse.sample;

import org.jspecify.annotations.NullMarked;
