package io.gatehouse.serverconfig;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tests that Gatehouse accepts the settings of the systemd unit and of the file beside it. {@code ServiceUnitIT} runs what
 * the unit runs.
 */
class ServiceUnitTest {

    @Test
    void everyVariableIsASettingWithAValidValue() throws IOException {
        Map<String, String> file = EnvironmentFile.read();
        Map<String, String> unit = ServiceUnit.read().environment("/run/credentials/gatehouse-wildfly.service");
        assertThat(file).hasSizeGreaterThan(5).doesNotContainKey("GATEHOUSE_KEYS");
        assertThat(unit).containsKeys("GATEHOUSE_KEYS_FILE", "GATEHOUSE_REDIS_PASSWORD_FILE");
        file.forEach((name, value) ->
                assertThat(EnvironmentFile.problem(name, value)).isEmpty());
        assertThat(file.values())
                .as("Docker, systemd, Liberty and a shell read this alike, without quotes")
                .allMatch(value -> value.matches("[\\w./:,@%+-]+"));
        unit.forEach((name, value) ->
                assertThat(EnvironmentFile.problem(name, value)).isEmpty());
    }

    @Test
    void aWrongVariableIsDetected() {
        assertThat(EnvironmentFile.problem("GATEHOUSE_KEY", "x")).isPresent();
        assertThat(EnvironmentFile.problem("GATEHOUSE_IPV6_PREFIX", "x")).isPresent();
        assertThat(EnvironmentFile.problem("GATEHOUSE_KEYS_FILE", "secret:%d")).isPresent();
    }

    @Test
    void everySecretInAFileIsACredential() throws IOException {
        ServiceUnit unit = ServiceUnit.read();
        String loaded = String.join(" ", unit.all("Service.LoadCredential"));
        unit.environment("%d").forEach((name, value) -> {
            if (name.endsWith("_FILE")) {
                assertThat(loaded).contains(value.replace("%d/", "") + ":/etc/gatehouse/");
            }
        });
    }

    @Test
    void theServiceCanWriteOnlyWhereItsDataIs() throws IOException {
        ServiceUnit unit = ServiceUnit.read();
        assertThat(unit.only("Service.ExecStart"))
                .contains("-Djboss.server.base.dir=/var/lib/" + unit.only("Service.StateDirectory"));
        assertThat(unit.only("Service.ProtectSystem")).isEqualTo("strict");
        assertThat(unit.only("Service.CapabilityBoundingSet")).isEmpty();
        assertThat(unit.only("Service.User")).isNotEqualTo("root");
    }

    @Test
    void systemdAcceptsTheUnit(@TempDir Path folder) throws IOException, InterruptedException {
        assumeThat(Path.of("/usr/bin/systemd-analyze")).isExecutable();
        // systemd checks that the program exists, so this names one that every system has
        String text = Files.readString(ServiceUnit.FILE).replace("/opt/wildfly/bin/standalone.sh", "/bin/sh");
        Path unit = Files.writeString(folder.resolve(ServiceUnit.FILE.getFileName()), text);
        Process process = new ProcessBuilder("/usr/bin/systemd-analyze", "verify", "--man=no", unit.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(said.lines().filter(line -> line.contains("gatehouse"))).isEmpty();
    }
}
