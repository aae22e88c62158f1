package io.gatehouse.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** WildFly with MicroProfile Health. All nodes share one installation. */
final class WildFly implements AppServer {
    private static final int MANAGEMENT_PORT = 9990;

    private final RunSettings settings;
    private @Nullable WildFlyHome home;

    WildFly(RunSettings settings) {
        this.settings = settings;
    }

    @Override
    public void provision() throws IOException {
        home = WildFlyHome.provision(
                settings.distribution(),
                settings.folder(),
                settings.serverConfig().resolve("wildfly/health.cli"));
    }

    @Override
    public List<String> prepare(Node node) throws IOException {
        Path configuration = Files.createDirectories(node.folder().resolve("configuration"));
        WildFlyHome installed = Objects.requireNonNull(home, "provision() was not called; call it before prepare()");
        Path original = installed.configurations();
        for (String name : List.of(
                WildFlyHome.CONFIGURATION,
                "mgmt-users.properties",
                "mgmt-groups.properties",
                "application-users.properties",
                "application-roles.properties",
                "logging.properties")) {
            Files.copy(original.resolve(name), configuration.resolve(name), StandardCopyOption.REPLACE_EXISTING);
        }
        Path deployments = node.folder().resolve("deployments");
        Archives.clear(deployments);
        Files.createDirectories(deployments);
        Files.copy(settings.war(), deployments.resolve("ROOT.war"));
        List<String> command = new ArrayList<>(installed.modules());
        command.addAll(
                1,
                List.of(
                        "-Xmx512m",
                        "-Djboss.server.base.dir=" + node.folder(),
                        "-Djboss.node.name=gatehouse-" + node.number(),
                        "-Djboss.http.port=" + node.httpPort(),
                        "-Djboss.https.port=" + RedisProcess.freePort(),
                        "-Djboss.management.http.port=" + managementPort(node),
                        "-Dgatehouse.node=" + node.number(),
                        "-Dlogging.configuration="
                                + configuration.resolve("logging.properties").toUri(),
                        "-Dorg.jboss.boot.log.file=" + node.folder().resolve("boot.log")));
        command.addAll(List.of("org.jboss.as.standalone", "-c", WildFlyHome.CONFIGURATION, "-b", "127.0.0.1"));
        return command;
    }

    @Override
    public List<Integer> ports(Node node) {
        return List.of(node.httpPort(), managementPort(node));
    }

    @Override
    public String healthUrl(Node node) {
        return "http://localhost:" + managementPort(node) + "/health";
    }

    private static int managementPort(Node node) {
        return MANAGEMENT_PORT - 1 + node.number();
    }
}
