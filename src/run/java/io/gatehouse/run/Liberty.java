package io.gatehouse.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Open Liberty with the server.xml of {@code server-config}. All nodes share one installation. */
final class Liberty implements AppServer {
    private final RunSettings settings;
    private @Nullable LibertyHome home;

    Liberty(RunSettings settings) {
        this.settings = settings;
    }

    @Override
    public void provision() throws IOException {
        home = LibertyHome.provision(settings.distribution(), settings.folder());
    }

    @Override
    public List<String> prepare(Node node) throws IOException {
        LibertyHome installed = Objects.requireNonNull(home, "provision() was not called; call it before prepare()");
        Path server = LibertyHome.create(
                node.folder(),
                settings.serverConfig().resolve("liberty/server.xml"),
                Map.of(
                        "http.port", "" + node.httpPort(),
                        "context.root", "/",
                        "com.ibm.ws.logging.console.log.level", "INFO"));
        Path apps = Files.createDirectories(server.resolve("apps"));
        Files.copy(settings.war(), apps.resolve("gatehouse.war"));
        return installed.command(List.of("-Xmx512m", "-Dgatehouse.node=" + node.number()));
    }

    @Override
    public String healthUrl(Node node) {
        return "http://localhost:" + node.httpPort() + "/health";
    }
}
