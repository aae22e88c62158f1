package io.gatehouse.serverconfig;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests the commands of {@code payara/attach.sh}, with a script in place of {@code asadmin} that answers as Payara Server 6.2025.9 does. */
class PayaraAttachTest {
    private static final String ASADMIN = """
            #!/bin/sh
            # Has one application, shop, whose libraries are in the file "libraries", and writes changes into the file "log".
            cd "$(dirname -- "$0")"
            while [ "${1#--}" != "$1" ]; do
                [ "$1" != --port ] || shift
                shift
            done
            case "$*" in
                'get applications.application.shop.name') echo applications.application.shop.name=shop ;;
                'get applications.application.shop.libraries')
                    [ -s libraries ] || exit 1
                    echo "applications.application.shop.libraries=$(cat libraries)"
                    echo "Command get executed successfully."
                    ;;
                'get servers.server.server.application-ref.shop.enabled')
                    echo "servers.server.server.application-ref.shop.enabled=$(cat enabled)"
                    ;;
                'set applications.application.shop.libraries='*) printf %s "${2#*=}" >libraries; echo "$*" >>log ;;
                'disable shop' | 'enable shop') echo "$*" >>log ;;
                *) echo "not found" >&2; exit 1 ;;
            esac
            """;

    @TempDir
    private Path temporary = Path.of("");

    private Path jar = Path.of("");

    @BeforeEach
    void makeServer() throws IOException {
        Path asadmin = Files.writeString(temporary.resolve("asadmin"), ASADMIN);
        Files.setPosixFilePermissions(asadmin, PosixFilePermissions.fromString("rwx------"));
        Files.writeString(temporary.resolve("enabled"), "true");
        Files.writeString(temporary.resolve("libraries"), "");
        jar = Files.writeString(temporary.resolve("gatehouse-all.jar"), "any");
    }

    @Test
    void addsALibraryOnceAndRemovesIt() throws IOException {
        for (String others : List.of("", "/opt/a.jar,b.jar")) {
            Files.deleteIfExists(temporary.resolve("log"));
            Files.writeString(temporary.resolve("libraries"), others);
            String both = others.isEmpty() ? jar.toString() : others + "," + jar;

            attach(0);
            assertThat(attach(0)).isEqualTo("attached already: shop\n");
            assertThat(log()).containsExactly(setTo(both), "disable shop", "enable shop");
            run(0, "--detach", "shop");
            assertThat(run(0, "--detach", "shop")).isEqualTo("not attached: shop\n");
            assertThat(log().subList(3, 6)).containsExactly(setTo(others), "disable shop", "enable shop");
            assertThat(log()).hasSize(6);
        }
    }

    @Test
    void replacesAGatehouseInAnotherFolder() throws IOException {
        Files.writeString(temporary.resolve("libraries"), "/old/gatehouse-all.jar,own.jar");
        attach(0);
        assertThat(log()).contains(setTo("own.jar," + jar));
    }

    @Test
    void aDryRunChangesNothing() throws IOException {
        assertThat(attach(0, "--dry-run", "--", "--port", "4849"))
                .isEqualTo("dry run, nothing is changed:\nlibraries of shop: from \"\" to \"" + jar
                        + "\"; a running application is restarted\n");
        assertThat(temporary.resolve("log")).doesNotExist();
    }

    @Test
    void leavesADisabledApplicationDisabled() throws IOException {
        Files.writeString(temporary.resolve("enabled"), "false");
        attach(0);
        assertThat(log()).containsExactly(setTo(jar.toString()));
    }

    @Test
    void saysWhatIsMissing() throws IOException {
        assertThat(run(1, "club", "--gatehouse", jar.toString())).contains("there is no application club");
        assertThat(run(2, "shop")).contains("--gatehouse is missing");
        assertThat(run(1, "shop", "--gatehouse", temporary + "/absent.jar")).contains("there is no ");
        Path misnamed = Files.writeString(temporary.resolve("g.jar"), "any");
        assertThat(run(1, "shop", "--gatehouse", misnamed.toString())).contains("is not named gatehouse-all.jar");
        assertThat(run(2, "shop.*", "--gatehouse", jar.toString())).contains("are expected in the name");
        assertThat(temporary.resolve("log")).doesNotExist();
    }

    private String setTo(String libraries) {
        return "set applications.application.shop.libraries=" + libraries;
    }

    private List<String> log() throws IOException {
        return Files.readAllLines(temporary.resolve("log"));
    }

    private String attach(int status, String... more) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("shop", "--gatehouse", jar.toString()));
        arguments.addAll(List.of(more));
        return run(status, arguments.toArray(String[]::new));
    }

    private String run(int status, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("sh", "server-config/payara/attach.sh"));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment()
                .put("ASADMIN", temporary.resolve("asadmin").toAbsolutePath().toString());
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            assertThat(process.waitFor()).as(output).isEqualTo(status);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
        return output;
    }
}
