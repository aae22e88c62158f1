package io.gatehouse.run;

import java.nio.file.Path;
import java.util.Locale;

/**
 * The settings of {@code mvn -Prun}. Immutable.
 *
 * @param server the name of the application server
 * @param httpPort the HTTP port of the first node; the others use the following ports
 * @param nodes the number of nodes
 * @param folder the folder that is kept between runs
 * @param war the WAR to deploy
 * @param distribution the distribution of the server from Maven Central
 * @param serverConfig the {@code server-config} folder of this project
 * @param variables the variables of the environment and of the {@code .env} file
 */
record RunSettings(
        String server,
        int httpPort,
        int nodes,
        Path folder,
        Path war,
        Path distribution,
        Path serverConfig,
        RunVariables variables) {

    static RunSettings fromSystemProperties() {
        String server = System.getProperty("server", "wildfly").toLowerCase(Locale.ROOT);
        int port = number("http.port", "8080", 1, 65_000);
        int nodes = number("nodes", "1", 1, 9);
        return new RunSettings(
                server,
                port,
                nodes,
                path("gatehouse.run.folder"),
                path("gatehouse.run.war"),
                path("gatehouse.run.distribution"),
                path("gatehouse.run.config"),
                RunVariables.read(
                        Path.of(System.getProperty("user.dir")), System.getProperty("env.file"), System.getenv()));
    }

    private static int number(String name, String defaultValue, int min, int max) {
        String text = System.getProperty(name, defaultValue);
        if (!text.matches("\\d{1,5}") || Integer.parseInt(text) < min || Integer.parseInt(text) > max) {
            throw new IllegalArgumentException(
                    "-D" + name + " is " + text + "; expected a number from " + min + " to " + max);
        }
        return Integer.parseInt(text);
    }

    private static Path path(String name) {
        String value = System.getProperty(name);
        if (value == null) {
            throw new IllegalArgumentException("-D" + name + " is missing; start this with: mvn -Prun");
        }
        return Path.of(value).toAbsolutePath();
    }
}
