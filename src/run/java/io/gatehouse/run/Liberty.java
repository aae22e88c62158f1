package io.gatehouse.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;

/** Open Liberty as the zip has it, with our server.xml. Nodes share the installation. */
final class Liberty implements AppServer {
    private final RunSettings settings;
    private final Path home;

    Liberty(RunSettings settings) {
        this.settings = settings;
        this.home = settings.folder().resolve(Archives.nameOf(settings.distribution()));
    }

    @Override
    public void provision() throws IOException {
        if (!Files.exists(home.resolve("bin/server"))) {
            Archives.unpack(settings.distribution(), home);
        }
    }

    @Override
    public List<String> prepare(Node node) throws IOException {
        Archives.clear(node.folder()); // else Liberty may go on with what it has cached of an older WAR
        Path server = Files.createDirectories(node.folder().resolve("servers/gatehouse"));
        Path apps = Files.createDirectories(server.resolve("apps"));
        Files.copy(settings.war(), apps.resolve("gatehouse.war"), StandardCopyOption.REPLACE_EXISTING);
        Files.copy(
                settings.serverConfig().resolve("liberty/server.xml"),
                server.resolve("server.xml"),
                StandardCopyOption.REPLACE_EXISTING);
        Files.writeString(
                server.resolve("bootstrap.properties"),
                "http.port=" + node.httpPort() + "\ncontext.root=/\ncom.ibm.ws.logging.console.log.level=INFO\n");
        List<String> command = new ArrayList<>();
        command.add(AppServer.java());
        Path options = home.resolve("lib/platform/java/java9.options");
        if (Files.exists(options)) {
            command.add("@" + options);
        }
        command.addAll(List.of(
                "-Xmx512m",
                "-Dgatehouse.node=" + node.number(),
                "-javaagent:" + home.resolve("bin/tools/ws-javaagent.jar"),
                "-Djava.awt.headless=true",
                "-jar",
                home.resolve("bin/tools/ws-server.jar").toString(),
                "gatehouse"));
        return command;
    }

    /** Liberty wants to know where its servers are. */
    static String userFolderVariable() {
        return "WLP_USER_DIR";
    }

    @Override
    public String healthUrl(Node node) {
        return "http://localhost:" + node.httpPort() + "/health";
    }
}
