/** An EJB JAR of an EAR. */
@NullMarked
package io.gatehouse.servers.ear.office;

import org.jspecify.annotations.NullMarked;
