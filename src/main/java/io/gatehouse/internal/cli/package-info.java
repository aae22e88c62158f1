/**
 * The command line, {@code java -jar gatehouse-cli.jar}: one class per command, parsed by picocli, which only the command
 * line JAR contains.
 */
@NullMarked
package io.gatehouse.internal.cli;

import org.jspecify.annotations.NullMarked;
