package io.gatehouse.serverconfig;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests that {@code attach.sh} adds Gatehouse to a WAR, or says why it does not. {@code AttachedWarIT} deploys the result. */
class AttachTest {
    private static final String LIB = "WEB-INF/lib/";

    @TempDir
    Path temporary;

    private Path folder;
    private Path gatehouse;
    private Path jar = Path.of(System.getProperty("java.home"));

    @BeforeEach
    void makeGatehouse() throws IOException {
        folder = Files.createDirectory(temporary.resolve("with a blank"));
        Files.createDirectory(temporary.resolve("tmp"));
        gatehouse = war(
                "gatehouse.war",
                "WEB-INF/web.xml",
                LIB + "gatehouse-0.1.jar",
                LIB + "caffeine-3.2.3.jar",
                LIB + "slf4j-api-1.7.36.jar",
                LIB + "slf4j-jdk14-1.7.36.jar");
    }

    @Test
    void addsTheLibrariesAndNothingElseToTheWar() throws IOException {
        Path shop = war("shop.war", "index.html", "WEB-INF/web.xml", LIB + "own-1.0.jar");
        byte[] before = Files.readAllBytes(shop);

        Outcome outcome = attach(shop);

        assertThat(outcome.status()).as(outcome.output()).isZero();
        assertThat(entries(folder.resolve("shop-guarded.war")))
                .containsOnly(
                        Map.entry("index.html", "of shop.war"),
                        Map.entry("WEB-INF/web.xml", "of shop.war"),
                        Map.entry(LIB + "own-1.0.jar", "of shop.war"),
                        Map.entry(LIB + "gatehouse-0.1.jar", "of gatehouse.war"),
                        Map.entry(LIB + "caffeine-3.2.3.jar", "of gatehouse.war"),
                        Map.entry(LIB + "slf4j-api-1.7.36.jar", "of gatehouse.war"),
                        Map.entry(LIB + "slf4j-jdk14-1.7.36.jar", "of gatehouse.war"));
        assertThat(Files.readAllBytes(shop)).as("the original application").isEqualTo(before);
        assertThat(outcome.output()).contains("added: gatehouse-0.1.jar");
    }

    @Test
    void keepsAndReportsLibrariesOfTheApplication() throws IOException {
        Path shop = war("shop.war", "WEB-INF/web.xml", LIB + "caffeine-3.2.3.jar", LIB + "slf4j-api-1.7.36.jar");

        Outcome outcome = attach(shop, "-o", folder.resolve("out.war").toString());

        assertThat(outcome.status()).as(outcome.output()).isZero();
        assertThat(outcome.output()).contains("kept: the application has caffeine-3.2.3.jar");
        assertThat(entries(folder.resolve("out.war")))
                .containsEntry(LIB + "caffeine-3.2.3.jar", "of shop.war")
                .containsEntry(LIB + "slf4j-api-1.7.36.jar", "of shop.war")
                .containsEntry(LIB + "gatehouse-0.1.jar", "of gatehouse.war")
                .doesNotContainKey(LIB + "slf4j-jdk14-1.7.36.jar");
    }

    @Test
    void rejectsOtherVersionsOfLibrariesAndNamesThemAll() throws IOException {
        Path shop = war("shop.war", "WEB-INF/web.xml", LIB + "caffeine-2.9.jar", LIB + "slf4j-api-2.0.17.jar");

        Outcome outcome = attach(shop);

        assertThat(outcome.status()).isEqualTo(3);
        assertThat(outcome.output())
                .contains("it has caffeine-2.9.jar, Gatehouse needs caffeine-3.2.3.jar")
                .contains("it has slf4j-api-2.0.17.jar, Gatehouse needs slf4j-api-1.7.36.jar")
                .contains("--keep");
        onlyInputsAreThere();
    }

    @Test
    void keepsTheApplicationsVersionOnRequest() throws IOException {
        Path shop = war("shop.war", "WEB-INF/web.xml", LIB + "slf4j-api-2.0.17.jar", LIB + "caffeine-extras-1.jar");

        Outcome outcome = attach(shop, "--keep", "slf4j-api");

        assertThat(outcome.status()).as(outcome.output()).isZero();
        assertThat(entries(folder.resolve("shop-guarded.war")).keySet())
                .containsExactlyInAnyOrder(
                        "WEB-INF/web.xml",
                        LIB + "slf4j-api-2.0.17.jar",
                        LIB + "caffeine-extras-1.jar",
                        LIB + "caffeine-3.2.3.jar",
                        LIB + "gatehouse-0.1.jar");
    }

    @Test
    void rejectsAWarThatHasGatehouseAlready() throws IOException {
        for (String sign : List.of(
                LIB + "gatehouse-0.0.9.jar", "WEB-INF/classes/io/gatehouse/internal/wiring/GatehouseStarter.class")) {
            Path shop = war("shop.war", "WEB-INF/web.xml", sign);
            assertThat(attach(shop)).isEqualTo(new Outcome(3, "attach.sh: " + shop + " has Gatehouse already\n"));
        }
        onlyInputsAreThere();
    }

    @Test
    void rejectsAFileThatIsNoWar() throws IOException {
        assertThat(attach(war("shop.war", "index.html")).output()).contains("is no WAR");
        Path text = Files.writeString(folder.resolve("text.war"), "no archive");
        assertThat(attach(text)).extracting(Outcome::status).isEqualTo(1);
        assertThat(attach(folder.resolve("absent.war")).output()).contains("there is no file");
        assertThat(attach(text, "--gatehouse", text.toString()).status()).isEqualTo(1);
    }

    @Test
    void neverOverwritesAnOutputFile() throws IOException {
        Path shop = war("shop.war", "WEB-INF/web.xml");
        Outcome outcome = attach(shop, "-o", shop.toString());
        assertThat(outcome.status()).isEqualTo(1);
        assertThat(outcome.output()).contains("nothing is overwritten");
        assertThat(entries(shop)).hasSize(1);
    }

    @Test
    void neverOverwritesADanglingLink() throws IOException {
        Path shop = war("shop.war", "WEB-INF/web.xml");
        Path link = Files.createSymbolicLink(folder.resolve("out.war"), temporary.resolve("elsewhere"));
        assertThat(attach(shop, "-o", link.toString()).status()).isEqualTo(1);
        assertThat(temporary.resolve("elsewhere")).doesNotExist();
    }

    @Test
    void worksInAPrivateFolderWithAnUnpredictableName() throws IOException {
        Path shop = war("shop.war", "WEB-INF/web.xml");
        Path seen = temporary.resolve("seen");
        jar = wrapped("[ $1 != uf ] || (ls -ld \"$(dirname -- \"$2\")\" \"${4%/added}\"; echo \"of $PPID\") >>'" + seen
                + "'");

        for (String name : List.of("one.war", "two.war")) {
            Outcome outcome = attach(shop, "-o", folder.resolve(name).toString());
            assertThat(outcome.status()).as(outcome.output()).isZero();
            assertThat(Files.getPosixFilePermissions(folder.resolve(name)))
                    .as("the umask applies, not the mode of the work folder")
                    .isEqualTo(Files.getPosixFilePermissions(shop));
        }

        List<String> lines = Files.readAllLines(seen);
        assertThat(lines).hasSize(6);
        List<String> folders =
                lines.stream().filter(line -> line.startsWith("d")).toList();
        assertThat(folders).hasSize(4).allMatch(line -> line.startsWith("drwx------"));
        assertThat(folders.stream().map(line -> line.substring(line.lastIndexOf('/'))))
                .doesNotHaveDuplicates();
        assertThat(folders)
                .noneMatch(line -> line.endsWith("." + lines.get(2).substring(3)))
                .noneMatch(line -> line.endsWith("." + lines.get(5).substring(3)));
        assertThat(temporary.resolve("tmp")).isEmptyDirectory();
    }

    @Test
    void removesItsWorkFolderWhenItIsKilled() throws IOException {
        Path shop = war("shop.war", "WEB-INF/web.xml");
        jar = wrapped("if [ $1 = uf ]; then kill -TERM $PPID; exit 1; fi");

        assertThat(attach(shop).status()).isNotZero();

        onlyInputsAreThere();
        assertThat(temporary.resolve("tmp")).isEmptyDirectory();
    }

    /** Returns a JDK whose {@code jar} command runs a line of shell first. */
    private Path wrapped(String line) throws IOException {
        Path bin = Files.createDirectories(temporary.resolve("jdk/bin"));
        Path script = Files.writeString(
                bin.resolve("jar"), "#!/bin/sh\n" + line + "\nexec '" + jar.resolve("bin/jar") + "' \"$@\"\n");
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
        return temporary.resolve("jdk");
    }

    @Test
    void printsItsUsageForInvalidArguments() throws IOException {
        for (List<String> wrong : List.of(
                List.<String>of(), List.of("a.war", "b.war"), List.of("--force", "a.war"), List.of("a.war", "-o"))) {
            Outcome outcome = run(wrong);
            assertThat(outcome.status()).as(wrong.toString()).isEqualTo(2);
            assertThat(outcome.output()).contains("usage: attach.sh APPLICATION.war");
        }
        assertThat(run(List.of("--help")).status()).isZero();
    }

    private void onlyInputsAreThere() throws IOException {
        try (var files = Files.list(folder)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("gatehouse.war", "shop.war");
        }
    }

    /** Creates a WAR in which every file names its WAR. */
    private Path war(String name, String... files) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (String file : files) {
                zip.putNextEntry(new ZipEntry(file));
                zip.write(("of " + name).getBytes(StandardCharsets.UTF_8));
            }
        }
        return Files.write(folder.resolve(name), bytes.toByteArray());
    }

    private static Map<String, String> entries(Path war) throws IOException {
        Map<String, String> found = new TreeMap<>();
        try (ZipFile zip = new ZipFile(war.toFile())) {
            for (ZipEntry entry :
                    zip.stream().filter(each -> !each.isDirectory()).toList()) {
                found.put(
                        entry.getName(), new String(zip.getInputStream(entry).readAllBytes(), StandardCharsets.UTF_8));
            }
        }
        return found;
    }

    private Outcome attach(Path war, String... more) throws IOException {
        List<String> arguments = new ArrayList<>(List.of(war.toString(), "--gatehouse", gatehouse.toString()));
        arguments.addAll(List.of(more));
        return run(arguments);
    }

    private record Outcome(int status, String output) {}

    private Outcome run(List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("sh", "server-config/attach.sh"));
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("JAVA_HOME", jar.toString());
        builder.environment().put("TMPDIR", temporary.resolve("tmp").toString());
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            return new Outcome(process.waitFor(), output);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }
}
