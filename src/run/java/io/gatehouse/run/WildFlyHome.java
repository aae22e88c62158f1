package io.gatehouse.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** WildFly as the zip has it, unpacked once, with one more configuration that our own script adds MicroProfile Health to. */
public record WildFlyHome(Path folder) {
    /** The stock {@code standalone.xml} with MicroProfile Health. */
    public static final String CONFIGURATION = "standalone-gatehouse.xml";

    private static final int CONFIGURE_SECONDS = 180;

    /**
     * Unpacks and configures, unless that was done before.
     *
     * @param below where the server's own folder goes
     * @param script {@code server-config/wildfly/health.cli}
     */
    public static WildFlyHome provision(Path zip, Path below, Path script) throws IOException {
        WildFlyHome home = new WildFlyHome(below.resolve(Archives.nameOf(zip)));
        Path configuration = home.configurations().resolve(CONFIGURATION);
        if (!Files.exists(configuration)) {
            Archives.unpack(zip, home.folder);
            Path half = configuration.resolveSibling("standalone-half.xml");
            Files.copy(configuration.resolveSibling("standalone.xml"), half, StandardCopyOption.REPLACE_EXISTING);
            home.configure(half, script, below.resolve("wildfly-cli.log"));
            Files.move(half, configuration, StandardCopyOption.REPLACE_EXISTING);
        }
        return home;
    }

    /** Where its configurations are. */
    Path configurations() {
        return folder.resolve("standalone/configuration");
    }

    /** How a program inside WildFly is started, without its shell scripts. */
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
                throw new IOException("WildFly could not be configured, see " + log);
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            throw new IOException("interrupted", e);
        }
    }
}
