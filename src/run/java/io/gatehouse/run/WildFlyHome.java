package io.gatehouse.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** An installation of WildFly, with one additional configuration to which {@code health.cli} adds MicroProfile Health. */
public record WildFlyHome(Path folder) {
    /** The stock {@code standalone.xml} with MicroProfile Health. */
    public static final String CONFIGURATION = "standalone-gatehouse.xml";

    private static final int CONFIGURE_SECONDS = 180;

    /**
     * Unpacks and configures the distribution, unless that has already been done.
     *
     * @param below the folder that contains the installation
     * @param script {@code server-config/wildfly/health.cli}
     */
    public static WildFlyHome provision(Path zip, Path below, Path script) throws IOException {
        WildFlyHome home = new WildFlyHome(below.resolve(Archives.nameOf(zip)));
        Path configuration = home.configurations().resolve(CONFIGURATION);
        if (!Files.exists(configuration)) {
            Archives.unpack(zip, home.folder);
            Path partial = configuration.resolveSibling("standalone-partial.xml");
            Files.copy(configuration.resolveSibling("standalone.xml"), partial, StandardCopyOption.REPLACE_EXISTING);
            home.configure(partial, script, below.resolve("wildfly-cli.log"));
            Files.move(partial, configuration, StandardCopyOption.REPLACE_EXISTING);
        }
        return home;
    }

    /** Returns the folder of its configurations. */
    Path configurations() {
        return folder.resolve("standalone/configuration");
    }

    /** Returns the start of a command that runs a module of WildFly, without its shell scripts. */
    List<String> modules() {
        return List.of(
                AppServer.java(),
                "-Djboss.home.dir=" + folder,
                "-jar",
                folder.resolve("jboss-modules.jar").toString(),
                "-mp",
                folder.resolve("modules").toString());
    }

    private void configure(Path configuration, Path script, Path log) throws IOException {
        List<String> command = new ArrayList<>(modules());
        command.add(1, "-Dgatehouse.configuration=" + configuration.getFileName());
        command.addAll(List.of("org.jboss.as.cli", "--resolve-parameter-values", "--file=" + script));
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().put("JBOSS_HOME", folder.toString());
        Process process = builder.start();
        try {
            if (!process.waitFor(CONFIGURE_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
                process.destroyForcibly();
                throw new IOException("WildFly could not be configured; its output is in " + log);
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            throw new IOException("interrupted while configuring WildFly", e);
        }
    }
}
