package io.gatehouse.versions;

import io.gatehouse.servers.FormScenario;
import io.gatehouse.servers.Node;
import io.gatehouse.servers.plain.VisitServlet;
import io.gatehouse.testing.RedisTest;
import io.gatehouse.testing.TestRedis;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Users of FORM with {@code gatehouse-all.jar} on servers that use the sessions of Gatehouse, in versions that the other tests do not run
 * on. {@code -Dservers=all} runs them on more versions.
 */
@RedisTest
class ContainerVersionsIT {
    private static final String APPLICATION = "/shop";
    private static final String PORT = ".http";

    @TempDir
    Path folder;

    private Path war = Path.of("");

    @BeforeEach
    void makeTheWar() throws IOException {
        war = folder.resolve("shop");
        Path inside = Files.createDirectories(war.resolve("WEB-INF"));
        Files.copy(
                Path.of("target", "gatehouse-all.jar"),
                Files.createDirectory(inside.resolve("lib")).resolve("gatehouse-all.jar"));
        ServerFiles.copy("servers/guarded-web.xml", inside.resolve("web.xml"));
        ServerFiles.copy("servers/glassfish-web.xml", inside.resolve("glassfish-web.xml"));
        ServerFiles.copy(VisitServlet.class, inside.resolve("classes"));
        ServerFiles.copy(VisitServlet.OfMembers.class, inside.resolve("classes"));
    }

    @ParameterizedTest(name = "Tomcat {0}, {1} JDK")
    @CsvSource({"10, oldest, always", "10, newest, all", "11, newest, all"})
    void tomcat(int version, String jdk, String when, TestRedis redis) throws IOException {
        MatrixRow.assumeChosen(when);
        play(MatrixRow.jdk(jdk), ServerFiles.tomcat(version, war, folder), redis);
    }

    /** Payara 7 is Jakarta EE 11, and needs a newer Java than 17. */
    @ParameterizedTest(name = "Payara 7, {0} JDK")
    @CsvSource("newest, all")
    void payara7(String jdk, String when, TestRedis redis) throws IOException {
        MatrixRow.assumeChosen(when);
        play(MatrixRow.jdk(jdk), ServerFiles.payara7(war, folder), redis);
    }

    private void play(Path jdk, List<String> arguments, TestRedis redis) throws IOException {
        List<String> all = new ArrayList<>(List.of("-DGATEHOUSE_SESSION_INTEGRATION=container"));
        all.addAll(arguments);
        try (ServerProcess one = new ServerProcess(jdk, all, redis, folder);
                ServerProcess two = new ServerProcess(jdk, all, redis, folder)) {
            System.setProperty(Node.ONE + PORT, Integer.toString(one.port()));
            System.setProperty(Node.TWO + PORT, Integer.toString(two.port()));
            one.awaitStart("/open/please");
            two.awaitStart("/open/please");
            FormScenario.play(APPLICATION, two::kill);
        } finally {
            System.clearProperty(Node.ONE + PORT);
            System.clearProperty(Node.TWO + PORT);
        }
    }
}
