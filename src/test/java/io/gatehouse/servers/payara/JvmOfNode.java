package io.gatehouse.servers.payara;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

/** The JVM of a node, which a test kills. */
final class JvmOfNode {
    private JvmOfNode() {}

    /** Ends the node as {@code kill -9} does. */
    static void kill(String node) {
        List<ProcessHandle> processes = ProcessHandle.current()
                .descendants()
                .filter(process -> process.info().commandLine().orElse("").contains("-Dgatehouse.node=" + node + " "))
                .toList();
        assertThat(processes).as("processes of " + node).isNotEmpty();
        processes.forEach(ProcessHandle::destroyForcibly);
        processes.forEach(process -> process.onExit().join());
    }
}
