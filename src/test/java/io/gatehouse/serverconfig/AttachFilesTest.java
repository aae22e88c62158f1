package io.gatehouse.serverconfig;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests that {@code attach.sh} creates what it is asked for, overwrites nothing, and leaves nothing behind. */
class AttachFilesTest {
    @TempDir
    private Path temporary = Path.of("");

    private AttachScript script;

    @BeforeEach
    void makeGatehouse() throws IOException {
        script = new AttachScript(temporary);
    }

    @Test
    void aDryRunCreatesNothing() throws IOException {
        Path shop = script.archive("shop.war", "WEB-INF/web.xml");
        Path guarded = script.file("shop-guarded.war");
        assertThat(script.attach(shop, "--dry-run"))
                .isEqualTo(new AttachScript.Outcome(
                        0,
                        "dry run, nothing is created:\nadded: " + AttachScript.ADDED + "\n" + guarded
                                + " would be created\n"));
        assertThat(script.run(List.of("--dry-run", "--detach", shop.toString())).output())
                .contains("not there: " + AttachScript.ADDED)
                .contains("shop-detached.war would be created");
        assertThat(script.attach(script.archive("text.war", "index.html"), "--dry-run")
                        .status())
                .isEqualTo(3);
        Files.delete(script.file("text.war"));
        script.onlyInputsAreThere();
        assertThat(script.workFolders()).isEmptyDirectory();
    }

    @Test
    void neverOverwritesAnOutputFile() throws IOException {
        Path shop = script.archive("shop.war", "WEB-INF/web.xml");
        for (AttachScript.Outcome outcome : List.of(
                script.attach(shop, "-o", shop.toString()), script.attach(shop, "--dry-run", "-o", shop.toString()))) {
            assertThat(outcome.status()).isEqualTo(1);
            assertThat(outcome.output()).contains("Nothing is overwritten");
        }
        assertThat(AttachScript.entries(shop)).hasSize(1);
        script.onlyInputsAreThere();
    }

    @Test
    void neverOverwritesADanglingLink() throws IOException {
        Path shop = script.archive("shop.war", "WEB-INF/web.xml");
        Path link = Files.createSymbolicLink(script.file("out.war"), temporary.resolve("elsewhere"));
        assertThat(script.attach(shop, "-o", link.toString()).status()).isEqualTo(1);
        assertThat(temporary.resolve("elsewhere")).doesNotExist();
    }

    @Test
    void worksInAPrivateFolderWithAnUnpredictableName() throws IOException {
        Path shop = script.archive("shop.war", "WEB-INF/web.xml");
        Path seen = temporary.resolve("seen");
        script.beforeJava("(ls -ld \"${3%/*}\" \"${5%/*}\"; echo \"of $PPID\") >>'" + seen + "'");

        for (String name : List.of("one.war", "two.war")) {
            AttachScript.Outcome outcome =
                    script.attach(shop, "-o", script.file(name).toString());
            assertThat(outcome.status()).as(outcome.output()).isZero();
            assertThat(Files.getPosixFilePermissions(script.file(name)))
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
        assertThat(script.workFolders()).isEmptyDirectory();
    }

    @Test
    void removesItsWorkFolderWhenItIsKilled() throws IOException {
        Path shop = script.archive("shop.war", "WEB-INF/web.xml");
        script.beforeJava("kill -TERM $PPID; exit 1");

        assertThat(script.attach(shop).status()).isNotZero();

        script.onlyInputsAreThere();
        assertThat(script.workFolders()).isEmptyDirectory();
    }

    @Test
    void printsItsUsageForInvalidArguments() throws IOException {
        for (List<String> wrong : List.of(
                List.<String>of(),
                List.of("a.war", "b.war"),
                List.of("--keep", "a.war"),
                List.of("a.war", "-o"),
                List.of("--detach", "a.war", "--gatehouse", "b.jar"))) {
            AttachScript.Outcome outcome = script.run(wrong);
            assertThat(outcome.status()).as(wrong.toString()).isEqualTo(2);
            assertThat(outcome.output()).contains("usage: attach.sh APPLICATION.war");
        }
        assertThat(script.run(List.of("--help")).status()).isZero();
    }
}
