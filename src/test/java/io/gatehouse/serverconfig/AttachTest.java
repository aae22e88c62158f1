package io.gatehouse.serverconfig;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests that {@code attach.sh} adds Gatehouse to a WAR and removes it, or says why it does not. {@code AttachedWarIT} deploys the result. */
class AttachTest {
    @TempDir
    private Path temporary = Path.of("");

    private AttachScript script;

    @BeforeEach
    void makeGatehouse() throws IOException {
        script = new AttachScript(temporary);
    }

    @Test
    void addsOneFileToAWarWithAnyVersionsOfTheLibraries() throws IOException {
        Path shop = script.archive(
                "shop.war",
                "META-INF/MANIFEST.MF",
                "index.html",
                "WEB-INF/web.xml",
                AttachScript.LIB + "caffeine-2.9.jar",
                AttachScript.LIB + "commons-pool2-2.11.1.jar",
                AttachScript.LIB + "slf4j-api-2.0.17.jar");
        byte[] before = Files.readAllBytes(shop);

        AttachScript.Outcome outcome = script.attach(shop);

        assertThat(outcome.status()).as(outcome.output()).isZero();
        Map<String, String> expected = AttachScript.entries(shop);
        expected.put(AttachScript.ADDED, AttachScript.content(script.gatehouse()));
        assertThat(AttachScript.entries(script.file("shop-guarded.war"))).isEqualTo(expected);
        assertThat(Files.readAllBytes(shop)).as("the original application").isEqualTo(before);
        assertThat(outcome.output())
                .startsWith("added: " + AttachScript.ADDED + "\n")
                .contains("GATEHOUSE_KEYS");
    }

    /** The loader of an executable WAR reads only JARs that are not compressed. */
    @Test
    void compressesNoJarThatWasNotCompressed() throws IOException {
        Path shop = script.file("shop.war");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(shop))) {
            ZipEntry entry = new ZipEntry(AttachScript.LIB + "own.jar");
            entry.setMethod(ZipEntry.STORED);
            entry.setSize(0);
            entry.setCrc(0);
            zip.putNextEntry(entry);
        }
        assertThat(script.attach(shop).status()).isZero();
        try (ZipFile zip = new ZipFile(script.file("shop-guarded.war").toFile())) {
            assertThat(zip.stream()).hasSize(2).allMatch(entry -> entry.getMethod() == ZipEntry.STORED);
        }
    }

    @Test
    void aSecondRunChangesNothing() throws IOException {
        Path shop = script.archive("shop.war", "WEB-INF/web.xml");
        Path guarded = script.file("shop-guarded.war");
        script.attach(shop);
        byte[] once = Files.readAllBytes(guarded);

        AttachScript.Outcome again = script.attach(shop);
        assertThat(again)
                .isEqualTo(new AttachScript.Outcome(
                        0, "added: " + AttachScript.ADDED + "\n" + guarded + " is there already, and is the same\n"));
        assertThat(Files.readAllBytes(guarded)).isEqualTo(once);

        Path twice = script.file("twice.war");
        assertThat(script.attach(guarded, "-o", twice.toString()).output())
                .startsWith("the same already: " + AttachScript.ADDED + "\n");
        assertThat(Files.readAllBytes(twice)).isEqualTo(once);
    }

    @Test
    void replacesTheGatehouseThatItHasAddedBefore() throws IOException {
        Path shop = script.archive("shop.war", "WEB-INF/web.xml", AttachScript.ADDED, "index.html");
        AttachScript.Outcome outcome = script.attach(shop);
        assertThat(outcome.output()).startsWith("replaced: " + AttachScript.ADDED + "\n");
        assertThat(AttachScript.entries(script.file("shop-guarded.war")))
                .containsOnlyKeys("WEB-INF/web.xml", AttachScript.ADDED, "index.html")
                .containsEntry(AttachScript.ADDED, AttachScript.content(script.gatehouse()));
    }

    @Test
    void detachesWhatItHasAttached() throws IOException {
        Path shop =
                script.archive("shop.war", "META-INF/MANIFEST.MF", "WEB-INF/web.xml", AttachScript.LIB + "own-1.0.jar");
        script.attach(shop);

        AttachScript.Outcome outcome =
                script.run(List.of("--detach", script.file("shop-guarded.war").toString()));

        Path detached = script.file("shop-detached.war");
        assertThat(outcome)
                .isEqualTo(new AttachScript.Outcome(
                        0, "removed: " + AttachScript.ADDED + "\n" + detached + " is as before\n"));
        assertThat(AttachScript.entries(detached)).isEqualTo(AttachScript.entries(shop));
        assertThat(script.run(List.of(
                                "--detach",
                                detached.toString(),
                                "-o",
                                script.file("again.war").toString()))
                        .output())
                .startsWith("not there: " + AttachScript.ADDED + "\n");
    }

    @Test
    void leavesAGatehouseOfTheApplicationAlone() throws IOException {
        for (String sign : List.of(
                AttachScript.LIB + "gatehouse-0.0.9.jar",
                AttachScript.LIB + "gatehouse-0.1.0-all.jar",
                "WEB-INF/classes/io/gatehouse/internal/wiring/GatehouseStarter.class")) {
            Path shop = script.archive("shop.war", "WEB-INF/web.xml", sign);
            AttachScript.Outcome expected = new AttachScript.Outcome(
                    3,
                    "attach.sh: " + shop + " has a Gatehouse of its own, " + sign
                            + "; this script leaves that to its build\n");
            assertThat(script.attach(shop)).isEqualTo(expected);
            assertThat(script.run(List.of("--detach", shop.toString()))).isEqualTo(expected);
        }
        script.onlyInputsAreThere();
    }

    @Test
    void warnsOfAnOrderThatLeavesGatehouseOut() throws IOException {
        String warning = "warning: <absolute-ordering>";
        for (Map.Entry<String, Boolean> each : Map.of(
                        "<absolute-ordering/>", true,
                        "<absolute-ordering><name>own</name></absolute-ordering>", true,
                        "<absolute-ordering><name>gatehouse</name></absolute-ordering>", false,
                        "<absolute-ordering><name>own</name><others/></absolute-ordering>", false)
                .entrySet()) {
            Path shop = script.file("shop.war");
            try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(shop))) {
                zip.putNextEntry(new ZipEntry("WEB-INF/web.xml"));
                zip.write(("<web-app>" + each.getKey() + "</web-app>").getBytes(StandardCharsets.UTF_8));
            }
            AttachScript.Outcome outcome = script.attach(shop, "--dry-run");
            assertThat(outcome.status()).as(outcome.output()).isZero();
            assertThat(outcome.output().contains(warning)).as(each.getKey()).isEqualTo(each.getValue());
        }
    }

    @Test
    void rejectsAFileThatIsNoWar() throws IOException {
        assertThat(script.attach(script.archive("shop.war", "index.html")).output())
                .contains("is no WAR");
        Path text = Files.writeString(script.file("text.war"), "no archive");
        assertThat(script.attach(text)).extracting(AttachScript.Outcome::status).isEqualTo(1);
        assertThat(script.attach(script.file("absent.war")).output()).contains("there is no file");
    }

    @Test
    void rejectsAGatehouseWithoutItsLibraries() throws IOException {
        Path shop = script.archive("shop.war", "WEB-INF/web.xml");
        script.useGatehouse(script.archive("gatehouse.jar", "io/gatehouse/internal/wiring/GatehouseStarter.class"));
        assertThat(script.attach(shop))
                .isEqualTo(new AttachScript.Outcome(
                        1,
                        "attach.sh: " + script.gatehouse()
                                + " is not gatehouse-all.jar, the one that contains its libraries\n"));
        script.useGatehouse(Files.writeString(script.file("text.jar"), "no archive"));
        assertThat(script.attach(shop).output()).contains("text.jar cannot be read");
        script.useGatehouse(script.file("absent.jar"));
        assertThat(script.attach(shop).output()).contains("there is no " + script.gatehouse());
    }
}
