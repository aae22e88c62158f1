package io.gatehouse.run;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** An application server that can be installed, given a WAR, and started. */
interface AppServer {

    /**
     * One instance of the server.
     *
     * @param number its number, starting with 1
     * @param folder its own folder
     */
    record Node(int number, int httpPort, Path folder) {}

    /** Installs the server, unless it is already installed. */
    void provision() throws IOException;

    /** Deploys the WAR at the context root of a node and returns the command that starts the node in the foreground. */
    List<String> prepare(Node node) throws IOException;

    /** Returns the ports on which a node listens. */
    default List<Integer> ports(Node node) {
        return List.of(node.httpPort());
    }

    /** Returns the URL of MicroProfile Health. */
    String healthUrl(Node node);

    /** Returns the Java executable of this process, which also runs the servers. */
    static String java() {
        return ProcessHandle.current()
                .info()
                .command()
                .orElse(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    }

    static AppServer of(RunSettings settings) {
        return switch (settings.server()) {
            case "wildfly" -> new WildFly(settings);
            case "payara" -> new Payara(settings);
            case "liberty" -> new Liberty(settings);
            default ->
                throw new IllegalArgumentException(
                        "-Dserver is " + settings.server() + "; expected wildfly, payara or liberty");
        };
    }
}
