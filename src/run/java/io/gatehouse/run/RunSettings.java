package io.gatehouse.run;

import java.nio.file.Path;
import java.util.Locale;

/**
 * What {@code mvn -Prun} was asked for.
 *
 * @param server which application server
 * @param httpPort of the first node; the others follow
 * @param nodes how many
 * @param folder where everything is kept between runs
 * @param war what is deployed
 * @param distribution the server as Maven Central has it
 * @param serverConfig our {@code server-config} folder
 */
record RunSettings(
        String server, int httpPort, int nodes, Path folder, Path war, Path distribution, Path serverConfig) {

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
                path("gatehouse.run.config"));
    }

    private static int number(String name, String otherwise, int least, int most) {
        String text = System.getProperty(name, otherwise);
        if (!text.matches("\\d{1,5}") || Integer.parseInt(text) < least || Integer.parseInt(text) > most) {
            throw new IllegalArgumentException("-D" + name + "=" + text + ": a number from " + least + " to " + most);
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
