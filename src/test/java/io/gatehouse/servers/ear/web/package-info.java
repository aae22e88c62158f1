/** The WARs of an EAR, which call the shared beans. */
@NullMarked
package io.gatehouse.servers.ear.web;

import org.jspecify.annotations.NullMarked;
