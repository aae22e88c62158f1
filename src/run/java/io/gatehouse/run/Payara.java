package io.gatehouse.run;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;

/** Payara Micro, which consists of one JAR. */
final class Payara implements AppServer {
    private final RunSettings settings;

    Payara(RunSettings settings) {
        this.settings = settings;
    }

    @Override
    public void provision() {
        // nothing to unpack
    }

    @Override
    public List<String> prepare(Node node) throws IOException {
        Archives.clear(node.folder());
        Files.createDirectories(node.folder());
        return List.of(
                AppServer.java(),
                "-Xmx512m",
                "-Dgatehouse.node=" + node.number(),
                "-jar",
                settings.distribution().toString(),
                "--rootDir",
                node.folder().resolve("root").toString(),
                "--nohazelcast",
                "--port",
                "" + node.httpPort(),
                "--contextroot",
                "/",
                "--deploy",
                settings.war().toString());
    }

    @Override
    public String healthUrl(Node node) {
        return "http://localhost:" + node.httpPort() + "/health";
    }
}
