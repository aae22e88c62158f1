package io.gatehouse.serverconfig;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Element;

/** Tests what {@code liberty/attach.sh} does with the files of a server. {@code AttachLooseIT} runs it on a server. */
class LibertyAttachTest {
    @TempDir
    private Path temporary = Path.of("");

    private AttachScript script;
    private Path server = Path.of("");
    private Path shop = Path.of("");

    @BeforeEach
    void makeServer() throws IOException {
        script = new AttachScript(temporary, "server-config/liberty/attach.sh");
        server = script.file("server");
        Files.createDirectories(server.resolve("apps"));
        Files.writeString(server.resolve("server.xml"), "<server/>");
        shop = script.archive("server/apps/shop.war", "WEB-INF/web.xml", "WEB-INF/lib/own.jar", "index.html");
    }

    @Test
    void replacesTheWarByADescription() throws Exception {
        byte[] before = Files.readAllBytes(shop);

        assertThat(run(0)).contains("shop.war is guarded", "GATEHOUSE_KEYS");

        assertThat(files())
                .containsExactlyInAnyOrder(
                        "server.xml",
                        "apps/shop.war.xml",
                        "gatehouse/gatehouse-all.jar",
                        "gatehouse/shop.war",
                        "gatehouse/shop/WEB-INF/web.xml",
                        "gatehouse/shop/WEB-INF/lib/own.jar",
                        "gatehouse/shop/index.html");
        assertThat(Files.readAllBytes(server.resolve("gatehouse/shop.war"))).isEqualTo(before);
        assertThat(server.resolve("gatehouse/gatehouse-all.jar")).hasSameBinaryContentAs(script.gatehouse());
        Element archive = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(server.resolve("apps/shop.war.xml").toFile())
                .getDocumentElement();
        assertThat(attributes(archive, "dir")).containsExactly("/", "${server.config.dir}/gatehouse/shop");
        assertThat(attributes(archive, "file"))
                .containsExactly("/WEB-INF/lib/gatehouse-all.jar", "${server.config.dir}/gatehouse/gatehouse-all.jar");
    }

    private static List<String> attributes(Element archive, String name) {
        Element only = (Element) archive.getElementsByTagName(name).item(0);
        return List.of(only.getAttribute("targetInArchive"), only.getAttribute("sourceOnDisk"));
    }

    @Test
    void aSecondRunChangesNothing() throws IOException {
        run(0);
        List<String> once = files();
        assertThat(run(0)).isEqualTo("attached already, and the same: " + shop + "\n");
        assertThat(files()).isEqualTo(once);
    }

    @Test
    void detachesWhatItHasAttached() throws IOException {
        byte[] before = Files.readAllBytes(shop);
        run(0);
        assertThat(detach(0)).contains(shop + " is as before\n");
        assertThat(files()).containsExactlyInAnyOrder("server.xml", "apps/shop.war");
        assertThat(Files.readAllBytes(shop)).isEqualTo(before);
        assertThat(detach(0)).isEqualTo("not attached: " + shop + "\n");
    }

    @Test
    void keepsTheLibraryWhileAnotherWarUsesIt() throws IOException {
        Path other = script.archive("server/apps/club.war", "WEB-INF/web.xml");
        run(0);
        assertThat(script.attach(other).status()).isZero();
        detach(0);
        assertThat(files()).contains("gatehouse/gatehouse-all.jar", "apps/club.war.xml", "apps/shop.war");
    }

    @Test
    void aDryRunChangesNothing() throws IOException {
        assertThat(run(0, "--dry-run")).startsWith("dry run, nothing is changed:\nmoved: " + shop);
        assertThat(files()).containsExactlyInAnyOrder("server.xml", "apps/shop.war");
        run(0);
        List<String> attached = files();
        assertThat(detach(0, "--dry-run")).startsWith("dry run, nothing is changed:\nremoved: ");
        assertThat(files()).isEqualTo(attached);
    }

    @Test
    void attachesANewVersionOfTheApplicationOrOfGatehouse() throws IOException {
        run(0);
        Path next = script.archive("server/apps/shop.war", "WEB-INF/web.xml", "next.html");
        byte[] content = Files.readAllBytes(next);
        run(0);
        assertThat(files()).contains("gatehouse/shop/next.html").doesNotContain("gatehouse/shop/index.html");
        assertThat(Files.readAllBytes(server.resolve("gatehouse/shop.war"))).isEqualTo(content);

        script.useGatehouse(script.archive("newer.jar", "io/gatehouse/internal/shaded/Newer.class"));
        assertThat(run(0)).contains("copied: ");
        assertThat(server.resolve("gatehouse/gatehouse-all.jar")).hasSameBinaryContentAs(script.gatehouse());
    }

    @Test
    void keepsANewVersionThatWasNotAttached() throws IOException {
        run(0);
        byte[] content = Files.readAllBytes(script.archive("server/apps/shop.war", "WEB-INF/web.xml", "next.html"));
        detach(0);
        assertThat(files()).containsExactlyInAnyOrder("server.xml", "apps/shop.war");
        assertThat(Files.readAllBytes(shop)).isEqualTo(content);
    }

    @Test
    void refusesWhatItDidNotMake() throws IOException {
        Path description = Files.writeString(server.resolve("apps/shop.war.xml"), "<archive/>");
        assertThat(run(3)).contains(description + " is there already");
        assertThat(detach(3)).contains(description + " is there already");
        Files.delete(description);

        Path folder = Files.createDirectories(server.resolve("gatehouse/shop"));
        assertThat(run(3)).contains(folder + " is there already");

        script.archive("server/apps/shop.war", "WEB-INF/lib/gatehouse-0.1.0.jar");
        assertThat(run(3)).contains("has a Gatehouse of its own, WEB-INF/lib/gatehouse-0.1.0.jar");
        script.archive("server/apps/shop.war", "index.html");
        assertThat(run(3)).contains("is no WAR");
    }

    @Test
    void saysWhatIsMissing() throws IOException {
        assertThat(script.attach(server.resolve("apps/absent.war")).output()).contains("there is no file");
        assertThat(script.attach(script.archive("lost.war", "WEB-INF/web.xml")).output())
                .contains("server.xml; expected a WAR in apps or dropins of a server");
        script.useGatehouse(script.archive("gatehouse.jar", "io/gatehouse/Gatehouse.class"));
        assertThat(run(1)).contains("is not gatehouse-all.jar");
        Files.delete(shop);
        Files.createDirectory(shop);
        assertThat(run(3)).contains("is unpacked already");
    }

    private String run(int status, String... more) throws IOException {
        return output(script.attach(shop, more), status);
    }

    private String detach(int status, String... more) throws IOException {
        return output(
                script.run(Stream.concat(Stream.of("--detach", shop.toString()), Stream.of(more))
                        .toList()),
                status);
    }

    private static String output(AttachScript.Outcome outcome, int status) {
        assertThat(outcome.status()).as(outcome.output()).isEqualTo(status);
        return outcome.output();
    }

    private List<String> files() throws IOException {
        try (Stream<Path> all = Files.walk(server)) {
            return all.filter(Files::isRegularFile)
                    .map(file -> server.relativize(file).toString())
                    .sorted()
                    .toList();
        }
    }
}
