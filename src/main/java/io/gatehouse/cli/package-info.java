/**
 * The command line: {@code java -jar gatehouse-cli.jar}. A thin rim around the core, made with picocli, which is in that JAR and
 * not in the WAR. Each command is one class.
 */
@NullMarked
package io.gatehouse.cli;

import org.jspecify.annotations.NullMarked;
