package io.gatehouse.run;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** An application server that can be unpacked, told about a WAR, and started. */
interface AppServer {

    /**
     * One running copy of the server.
     *
     * @param number from 1
     * @param folder where it keeps what is its own
     */
    record Node(int number, int httpPort, Path folder) {}

    /** Makes the server ready to be started; quick when that was done before. */
    void provision() throws IOException;

    /** Puts the WAR at the root of a node and gives the command that starts it in the foreground. */
    List<String> prepare(Node node) throws IOException;

    /** What a node will listen on. */
    default List<Integer> ports(Node node) {
        return List.of(node.httpPort());
    }

    /** Where MicroProfile Health answers, or nothing. */
    String healthUrl(Node node);

    /** The Java that runs us runs the server too. */
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
                throw new IllegalArgumentException("-Dserver=" + settings.server() + ": wildfly, payara or liberty");
        };
    }
}
