package io.gatehouse.serverconfig;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.LIST;

import io.gatehouse.InvalidConfigurationException;
import io.gatehouse.internal.clientaddress.ClientAddressSettings;
import io.gatehouse.internal.config.Config;
import io.gatehouse.internal.config.ConfigSource;
import io.gatehouse.internal.signing.SigningSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** Tests that the manifests name existing settings, secrets and endpoints. No cluster is available to apply them to. */
class KubernetesTest {
    private static final Path FILE = Path.of("server-config", "kubernetes", "gatehouse.yaml");

    private static final Map<String, String> PROBES = Map.of(
            "startupProbe", "/health/started",
            "livenessProbe", "/health/live",
            "readinessProbe", "/health/ready");

    private static final Map<String, Object> MANIFESTS = new LinkedHashMap<>();

    @BeforeAll
    static void read() throws IOException {
        LoaderOptions options = new LoaderOptions();
        options.setAllowDuplicateKeys(false);
        for (Object manifest : new Yaml(new SafeConstructor(options)).loadAll(Files.readString(FILE))) {
            assertThat(MANIFESTS.put(at(manifest, "kind") + "", manifest)).isNull();
        }
    }

    /** Returns the node at a path of map keys and list indexes. */
    private static Object at(Object tree, Object... path) {
        Object found = tree;
        for (Object step : path) {
            Object next = found instanceof Map<?, ?> map
                    ? map.get(step)
                    : found instanceof List<?> list && step instanceof Integer index ? list.get(index) : null;
            if (next == null) {
                throw new AssertionError("no " + step + " of " + List.of(path) + " in " + found);
            }
            found = next;
        }
        return found;
    }

    private static Object manifest(String kind, Object... path) {
        return at(at(MANIFESTS, kind), path);
    }

    private static Object pod(Object... path) {
        return at(manifest("Deployment", "spec", "template", "spec"), path);
    }

    private static Object container(Object... path) {
        return at(pod("containers", 0), path);
    }

    private static Map<String, String> texts(Object tree) {
        Map<String, String> found = new LinkedHashMap<>();
        ((Map<?, ?>) tree).forEach((name, value) -> {
            assertThat(value).as("%s in quotes", name).isInstanceOf(String.class);
            found.put(name + "", value + "");
        });
        return found;
    }

    private static Map<String, String> variables() {
        Map<String, String> found = new LinkedHashMap<>();
        for (Object variable : (List<?>) container("env")) {
            found.put(at(variable, "name") + "", at(variable, "value") + "");
        }
        return found;
    }

    @Test
    void manifestsReferToEachOtherConsistently() {
        assertThat(MANIFESTS)
                .containsOnlyKeys(
                        "ConfigMap", "Secret", "Service", "NetworkPolicy", "PodDisruptionBudget", "Deployment");
        Object labels = manifest("Deployment", "spec", "template", "metadata", "labels");
        assertThat(manifest("Deployment", "spec", "selector", "matchLabels")).isEqualTo(labels);
        assertThat(manifest("PodDisruptionBudget", "spec", "selector", "matchLabels"))
                .isEqualTo(labels);
        assertThat(manifest("Service", "spec", "selector")).isEqualTo(labels);
        assertThat(manifest("Service", "spec", "ports", 0, "targetPort")).isEqualTo(container("ports", 0, "name"));
        assertThat(container("envFrom", 0, "configMapRef", "name"))
                .isEqualTo(manifest("ConfigMap", "metadata", "name"));
        assertThat(pod("volumes", 0, "secret", "secretName")).isEqualTo(manifest("Secret", "metadata", "name"));
    }

    @Test
    void everyVariableIsASettingWithAValidValue() {
        Map<String, String> settings = texts(manifest("ConfigMap", "data"));
        assertThat(settings).hasSizeGreaterThan(5).containsEntry("GATEHOUSE_ENDPOINTS_ENABLED", "True");
        settings.forEach((name, value) ->
                assertThat(EnvironmentFile.problem(name, value)).isEmpty());
        variables()
                .forEach((name, value) ->
                        assertThat(EnvironmentFile.problem(name, value)).isEmpty());
    }

    @Test
    void onlyTheIngressReachesAPodAndOnlyItIsTrusted() {
        assertThat(manifest("NetworkPolicy", "spec", "podSelector", "matchLabels"))
                .isEqualTo(manifest("Deployment", "spec", "template", "metadata", "labels"));
        assertThat(manifest("NetworkPolicy", "spec", "policyTypes")).isEqualTo(List.of("Ingress"));
        assertThat(manifest("NetworkPolicy", "spec", "ingress"))
                .asInstanceOf(LIST)
                .hasSize(1);
        assertThat(manifest("NetworkPolicy", "spec", "ingress", 0, "from"))
                .isEqualTo(List.of(Map.of(
                        "namespaceSelector",
                        Map.of("matchLabels", Map.of("kubernetes.io/metadata.name", "ingress-nginx")),
                        "podSelector",
                        Map.of("matchLabels", Map.of("app.kubernetes.io/name", "ingress-nginx")))));
        assertThat(manifest("NetworkPolicy", "spec", "ingress", 0, "ports", 0, "port"))
                .isEqualTo(container("ports", 0, "name"));
        String trusted = manifest("ConfigMap", "data", "GATEHOUSE_TRUSTED_PROXIES") + "";
        assertThat(trusted).matches("[\\d.]+/24");
        assertThat(ClientAddressSettings.reach(trusted)).isEqualTo(ClientAddressSettings.Reach.NARROW);
    }

    @Test
    void everyFileThatASettingNamesIsInTheSecret() {
        Object mount = container("volumeMounts", 0);
        assertThat(at(mount, "name")).isEqualTo(pod("volumes", 0, "name"));
        List<String> secrets = texts(manifest("Secret", "stringData")).keySet().stream()
                .map(key -> at(mount, "mountPath") + "/" + key)
                .toList();
        Map<String, String> files = variables();
        files.keySet().removeIf(name -> !name.endsWith("_FILE"));
        assertThat(files).containsKey("GATEHOUSE_KEYS_FILE");
        assertThat(files.values()).containsExactlyInAnyOrderElementsOf(secrets);
    }

    @Test
    void gatehouseDoesNotStartWithTheKeysThatAreInTheFile() {
        Map<String, String> keys = Map.of("GATEHOUSE_KEYS", manifest("Secret", "stringData", "keys") + "");
        Config config = new Config(List.of(ConfigSource.of("test", keys)));
        assertThat(SigningSettings.from(config)).isEmpty();
        assertThatThrownBy(config::throwIfBroken).isInstanceOf(InvalidConfigurationException.class);
    }

    @Test
    void everyProbeCallsAHealthEndpoint() {
        PROBES.forEach((probe, path) -> {
            assertThat(container(probe, "httpGet", "path")).isEqualTo(path);
            assertThat(container(probe, "httpGet", "port")).isEqualTo(container("ports", 0, "name"));
        });
        assertThat(container("ports", 0, "containerPort")).isEqualTo(8080);
    }

    @Test
    void aPodRunsWithMinimalPrivileges() {
        assertThat(pod("securityContext", "runAsNonRoot")).isEqualTo(true);
        assertThat(container("securityContext", "readOnlyRootFilesystem")).isEqualTo(true);
        assertThat(container("securityContext", "allowPrivilegeEscalation")).isEqualTo(false);
        assertThat(container("securityContext", "capabilities", "drop")).isEqualTo(List.of("ALL"));
        assertThat(pod("volumes", 0, "secret", "defaultMode")).isEqualTo(0440);
        assertThat(pod("automountServiceAccountToken")).isEqualTo(false);
    }

    @Test
    void aStoppingPodWaitsUntilItReceivesNoMoreRequests() {
        List<Object> command = new ArrayList<>((List<?>) container("lifecycle", "preStop", "exec", "command"));
        assertThat(command).first().isEqualTo("sleep");
        assertThat(Integer.parseInt(command.get(1) + "")).isBetween(5, 30);
        assertThat((Integer) pod("terminationGracePeriodSeconds")).isGreaterThan(40);
    }
}
