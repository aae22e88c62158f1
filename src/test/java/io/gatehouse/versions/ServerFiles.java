package io.gatehouse.versions;

import jakarta.annotation.Resource;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.catalina.startup.Tomcat;

/** The JARs of the servers, which the build fetches, and files of the test class path. */
final class ServerFiles {
    private static final Path SERVERS = Path.of("target", "servers");

    private ServerFiles() {}

    /** Returns the JARs in one of the folders that {@code pom.xml} names. */
    static List<Path> jars(String server) throws IOException {
        try (Stream<Path> jars = Files.list(SERVERS.resolve(server))) {
            return jars.sorted().toList();
        }
    }

    /** Returns a class path of these JARs. */
    static String classPath(String server) throws IOException {
        return jars(server).stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
    }

    /** Copies the file of a class into a folder of classes. */
    static void copy(Class<?> type, Path to) throws IOException {
        String file = type.getName().replace('.', '/') + ".class";
        copy(file, to.resolve(file));
    }

    /** Copies a resource of the tests. */
    static void copy(String resource, Path to) throws IOException {
        Files.createDirectories(Objects.requireNonNull(to.getParent()));
        try (InputStream bytes =
                Objects.requireNonNull(ServerFiles.class.getClassLoader().getResourceAsStream(resource), resource)) {
            Files.copy(bytes, to);
        }
    }

    /** Returns the arguments of a JVM that runs an unpacked WAR on Jetty 12.1, with {@code PORT} in place of the port. */
    static List<String> jetty(String ee, Path war, Path launcher) throws IOException {
        copy(JettyLauncher.class, launcher);
        return List.of(
                "-cp",
                String.join(
                        File.pathSeparator,
                        launcher.toString(),
                        classPath("jetty-12.1"),
                        classPath("jetty-12.1-" + ee)),
                JettyLauncher.class.getName(),
                "PORT",
                ee,
                war.toString());
    }

    /** Returns the arguments of a JVM that runs an unpacked WAR on an embedded Tomcat, with {@code PORT} in place of the port. */
    static List<String> tomcat(int version, Path war, Path folder) throws IOException {
        copy(TomcatLauncher.class, folder.resolve("launcher"));
        String jars = version == 10
                ? classPath("tomcat-10.1")
                : jarOf(Tomcat.class) + File.pathSeparator + jarOf(Resource.class);
        return List.of(
                "-Xmx128m",
                "-cp",
                folder.resolve("launcher") + File.pathSeparator + jars,
                TomcatLauncher.class.getName(),
                "PORT",
                folder.resolve("tomcat").toString(),
                war.toString());
    }

    private static String jarOf(Class<?> type) {
        try {
            return Path.of(type.getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .toString();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Returns the arguments of a JVM that runs an unpacked WAR on Payara Micro 7, with {@code PORT} in place of the port. */
    static List<String> payara7(Path war, Path folder) {
        Path packed = folder.resolve(war.getFileName() + ".war");
        ToolProvider jar = ToolProvider.findFirst("jar").orElseThrow();
        if (jar.run(System.out, System.err, "cf", packed.toString(), "-C", war.toString(), ".") != 0) {
            throw new IllegalStateException("the WAR could not be packed");
        }
        List<String> arguments =
                new ArrayList<>(List.of("-Xmx320m", "-jar", System.getProperty("gatehouse.payara7"), "--port", "PORT"));
        arguments.addAll(payaraOptions());
        arguments.addAll(List.of("--deploy", packed.toString()));
        return arguments;
    }

    /** Returns arguments of Payara Micro: one node, and the user {@code alice}. */
    static List<String> payaraOptions() {
        return List.of("--nohazelcast", "--postbootcommandfile", "src/test/resources/servers/payara-users.txt");
    }
}
