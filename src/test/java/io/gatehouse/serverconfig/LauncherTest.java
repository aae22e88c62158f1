package io.gatehouse.serverconfig;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests that the launcher {@code gatehouse} finds Java and the JAR. The JAR of this test prints its arguments. */
class LauncherTest {
    private static final String JAVA_HOME = System.getProperty("java.home");
    private static final String SYSTEM = "/usr/bin:/bin";

    @TempDir
    private Path temporary = Path.of("");

    private Path folder = Path.of("");

    /** The program in the JAR of this test. */
    static final class Echo {
        public static void main(String[] arguments) {
            System.out.println(System.getProperty("example", "") + String.join("|", arguments));
            System.exit(arguments.length);
        }
    }

    private record Ended(int code, String out) {}

    @BeforeEach
    void install() throws IOException {
        folder = Files.createDirectory(temporary.resolve("with a blank and $a 'quote'"));
        Files.copy(Path.of("server-config", "gatehouse"), folder.resolve("gatehouse"));
        jar(folder.resolve("gatehouse-cli.jar"));
    }

    private static void jar(Path file) throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, Echo.class.getName());
        String entry = Echo.class.getName().replace('.', '/') + ".class";
        try (OutputStream out = Files.newOutputStream(file);
                JarOutputStream jar = new JarOutputStream(out, manifest);
                var in = Echo.class.getResourceAsStream("/" + entry)) {
            jar.putNextEntry(new JarEntry(entry));
            jar.write(in.readAllBytes());
        }
    }

    private static Ended run(Map<String, String> environment, Path script, String... arguments)
            throws IOException, InterruptedException {
        return run(Path.of("."), environment, script, arguments);
    }

    private static Ended run(Path directory, Map<String, String> environment, Path script, String... arguments)
            throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(
                        Stream.concat(Stream.of("/bin/sh", script.toString()), Stream.of(arguments))
                                .toList())
                .directory(directory.toFile())
                .redirectErrorStream(true);
        builder.environment().keySet().removeIf(name -> name.matches("(GATEHOUSE|JAVA|JDK)_.*"));
        builder.environment().put("PATH", SYSTEM);
        builder.environment().putAll(environment);
        Process process = builder.start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ended(process.waitFor(), out.strip());
    }

    @Test
    void passesArgumentsAndTheExitCodeUnchanged() throws IOException, InterruptedException {
        Map<String, String> java = Map.of("JAVA_HOME", JAVA_HOME);
        assertThat(run(java, folder.resolve("gatehouse"), "warm", "--key", "a b", "*", "$x", ""))
                .isEqualTo(new Ended(6, "warm|--key|a b|*|$x|"));
        assertThat(run(java, folder.resolve("gatehouse"))).isEqualTo(new Ended(0, ""));
    }

    @Test
    void worksThroughSymbolicLinksAndFromAnyFolder() throws IOException, InterruptedException {
        Path links = Files.createDirectory(temporary.resolve("bin"));
        Path relative = Files.createSymbolicLink(links.resolve("one"), links.relativize(folder.resolve("gatehouse")));
        Path twice = Files.createSymbolicLink(links.resolve("two"), relative);
        assertThat(run(Map.of("JAVA_HOME", JAVA_HOME), twice, "x")).isEqualTo(new Ended(1, "x"));
        assertThat(run(links, Map.of("JAVA_HOME", JAVA_HOME), Path.of("one"), "x"))
                .isEqualTo(new Ended(1, "x"));
        Path loop = links.resolve("loop");
        Files.createSymbolicLink(loop, loop);
        assertThat(run(Map.of("JAVA_HOME", JAVA_HOME), loop).code()).isNotZero();
    }

    @Test
    void findsTheJarByVariableAndBesideTheFolder() throws IOException, InterruptedException {
        Path elsewhere = temporary.resolve("other.jar");
        Files.move(folder.resolve("gatehouse-cli.jar"), elsewhere);
        Map<String, String> environment = new HashMap<>(Map.of("JAVA_HOME", JAVA_HOME));
        assertThat(run(environment, folder.resolve("gatehouse")))
                .satisfies(ended -> assertThat(ended.code()).isEqualTo(2))
                .satisfies(ended -> assertThat(ended.out()).contains("set GATEHOUSE_CLI_JAR"));
        Files.copy(elsewhere, Files.createDirectory(temporary.resolve("lib")).resolve("gatehouse-cli.jar"));
        assertThat(run(environment, folder.resolve("gatehouse"), "x")).isEqualTo(new Ended(1, "x"));
        environment.put("GATEHOUSE_CLI_JAR", elsewhere.toString());
        environment.put("GATEHOUSE_CLI_OPTS", "-Dexample=1 -Xmx64m");
        assertThat(run(environment, folder.resolve("gatehouse"), "x")).isEqualTo(new Ended(1, "1x"));
        Files.createFile(folder.resolve("-Dexample=file"));
        environment.put("GATEHOUSE_CLI_OPTS", "-Dexample=*");
        assertThat(run(folder, environment, Path.of("gatehouse"), "x")).isEqualTo(new Ended(1, "*x"));
        environment.put("GATEHOUSE_CLI_JAR", "/nowhere/g.jar");
        assertThat(run(environment, folder.resolve("gatehouse")).out())
                .isEqualTo("gatehouse: GATEHOUSE_CLI_JAR is /nowhere/g.jar; expected a readable file");
    }

    @Test
    void findsJavaByItsHomeOrThePath() throws IOException, InterruptedException {
        Path script = folder.resolve("gatehouse");
        assertThat(run(Map.of("PATH", JAVA_HOME + "/bin:" + SYSTEM), script, "x"))
                .isEqualTo(new Ended(1, "x"));
        assertThat(run(Map.of("JAVA_HOME", "/nowhere"), script).out())
                .isEqualTo(
                        "gatehouse: JAVA_HOME is /nowhere; expected the folder of a Java 17 or later, with bin/java");
        Path tools = Files.createDirectory(temporary.resolve("tools"));
        assertThat(run(Map.of("PATH", tools.toString()), script).out()).contains("there is no java in PATH");
        assertThat(run(Map.of("PATH", tools.toString()), script).code()).isEqualTo(2);
    }
}
