package io.gatehouse.versions;

import io.gatehouse.testing.RedisTest;
import io.gatehouse.testing.TestRedis;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The main scenarios with {@code gatehouse-all.jar} on servers that the other tests do not run on, also with the newest JDK on this machine.
 * {@code -Dservers=all} runs them on more versions.
 */
@RedisTest
class ServerVersionsIT {
    private static final Path JAR = Path.of("target", "gatehouse-all.jar");

    @TempDir
    Path folder;

    private Path war = Path.of("");

    @BeforeEach
    void makeTheWar() throws IOException {
        war = folder.resolve("shop");
        Path inside = Files.createDirectories(war.resolve("WEB-INF"));
        Files.copy(JAR, Files.createDirectory(inside.resolve("lib")).resolve("gatehouse-all.jar"));
        ServerFiles.copy("servers/shop-web.xml", inside.resolve("web.xml"));
        ServerFiles.copy("servers/shop-limits.properties", inside.resolve("gatehouse-limits.properties"));
        ServerFiles.copy(ShopServlet.class, inside.resolve("classes"));
        ServerFiles.copy(Journal.class, inside.resolve("classes"));
    }

    /** Tomcat 10.1 is Servlet 6.0, Tomcat 11 is Servlet 6.1. */
    @ParameterizedTest(name = "Tomcat {0}, {1} JDK")
    @CsvSource({"10, oldest, always", "10, newest, always", "11, oldest, all", "11, newest, always"})
    void tomcat(int version, String jdk, String when, TestRedis redis) throws IOException {
        MatrixRow.assumeChosen(when);
        play(jdk, ServerFiles.tomcat(version, war, folder), redis);
    }

    /** EE 10 is Servlet 6.0, EE 11 is Servlet 6.1. */
    @ParameterizedTest(name = "Jetty 12.1, {0}, {1} JDK")
    @CsvSource({"ee10, oldest, always", "ee10, newest, all", "ee11, oldest, all", "ee11, newest, all"})
    void jetty(String ee, String jdk, String when, TestRedis redis) throws IOException {
        MatrixRow.assumeChosen(when);
        List<String> arguments = new ArrayList<>(List.of("-Xmx128m"));
        arguments.addAll(ServerFiles.jetty(ee, war, folder.resolve("launcher")));
        play(jdk, arguments, redis);
    }

    /** An executable JAR with an embedded Tomcat, which calls no {@code ServletContainerInitializer} of a library. */
    @ParameterizedTest(name = "Spring Boot 3.5, {0} JDK")
    @CsvSource({"oldest, always", "newest, all"})
    void springBoot(String jdk, String when, TestRedis redis) throws IOException {
        MatrixRow.assumeChosen(when);
        List<Path> libraries = new ArrayList<>(ServerFiles.jars("spring-boot-3.5"));
        libraries.add(JAR);
        Path classes = folder.resolve("classes");
        ServerFiles.copy(Journal.class, classes);
        Path jar = new BootJar(Files.createDirectory(folder.resolve("boot")), libraries)
                .build(classes, ServerFiles.jars("spring-boot-loader-3.5").get(0));
        play(jdk, List.of("-Xmx128m", "-jar", jar.toString(), "--server.port=PORT"), redis);
    }

    /** Payara 7 is Jakarta EE 11, and needs a newer Java than 17. */
    @Test
    void payara7(TestRedis redis) throws IOException {
        play("newest", ServerFiles.payara7(war, folder), redis);
    }

    private void play(String jdk, List<String> arguments, TestRedis redis) throws IOException {
        new TwoNodes(MatrixRow.jdk(jdk), arguments, redis, folder).play();
    }
}
