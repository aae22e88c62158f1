package io.gatehouse.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** An installation of Open Liberty. Each node has its own user folder with one server, {@code gatehouse}. */
public record LibertyHome(Path folder) {
    /** The environment variable that names the user folder of a server. */
    public static final String USER_FOLDER = "WLP_USER_DIR";

    private static final String SERVER = "gatehouse";

    /**
     * Unpacks the distribution, unless it is already unpacked.
     *
     * @param below the folder that contains the installation
     */
    public static LibertyHome provision(Path zip, Path below) throws IOException {
        LibertyHome home = new LibertyHome(below.resolve(Archives.nameOf(zip)));
        if (!Files.exists(home.folder.resolve("bin/server"))) {
            Archives.unpack(zip, home.folder);
        }
        return home;
    }

    /**
     * Creates the server of a node, replacing an old one: Liberty might otherwise use its cached copy of an older WAR.
     *
     * @param bootstrap the bootstrap properties, which server.xml can use as variables
     * @return the folder of the server
     */
    public static Path create(Path userFolder, Path serverXml, Map<String, String> bootstrap) throws IOException {
        Archives.clear(userFolder);
        Path server = Files.createDirectories(userFolder.resolve("servers").resolve(SERVER));
        Files.copy(serverXml, server.resolve("server.xml"));
        List<String> lines = bootstrap.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + entry.getValue())
                .sorted()
                .toList();
        Files.write(server.resolve("bootstrap.properties"), lines);
        return server;
    }

    /** Returns the command that starts a server in the foreground, without Liberty's shell scripts. */
    public List<String> command(List<String> jvmArguments) {
        List<String> command = new ArrayList<>();
        command.add(AppServer.java());
        Path options = folder.resolve("lib/platform/java/java9.options");
        if (Files.exists(options)) {
            command.add("@" + options);
        }
        command.addAll(jvmArguments);
        command.addAll(List.of(
                "-javaagent:" + folder.resolve("bin/tools/ws-javaagent.jar"),
                "-Djava.awt.headless=true",
                "-jar",
                folder.resolve("bin/tools/ws-server.jar").toString(),
                SERVER));
        return command;
    }
}
