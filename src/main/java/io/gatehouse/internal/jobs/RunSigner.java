package io.gatehouse.internal.jobs;

import io.gatehouse.internal.signing.KeyPurpose;
import io.gatehouse.internal.signing.KeyRing;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/**
 * Signs and verifies runs: {@code <kid>.<HMAC_job(application, id, name, "", arguments as JSON)>}. Runs of earlier versions have no
 * JSON and are signed over {@code argument, value, ...}, sorted by name; no argument has an empty name. An attacker who can write to Redis cannot start or change a run. Thread-safe.
 */
final class RunSigner {
    private final KeyRing keys;
    private final String application;

    RunSigner(KeyRing keys, String application) {
        this.keys = keys;
        this.application = application;
    }

    /** Returns the signature of a run. */
    String sign(String id, String name, String json) {
        String kid = keys.currentKid();
        byte[] tag = keys.tag(kid, KeyPurpose.JOB, parts(id, name, List.of("", json)));
        return kid + '.' + Base64.getUrlEncoder().withoutPadding().encodeToString(tag);
    }

    /** Returns whether a signature is valid for a run. */
    boolean verifies(String signature, String id, Map<String, String> fields) {
        int dot = signature.indexOf('.');
        if (dot < 0) {
            return false;
        }
        try {
            byte[] tag = Base64.getUrlDecoder().decode(signature.substring(dot + 1));
            return tag.length == KeyRing.TAG_LENGTH
                    && keys.verifies(
                            signature.substring(0, dot),
                            KeyPurpose.JOB,
                            tag,
                            parts(id, fields.getOrDefault("name", ""), arguments(fields)));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static List<String> arguments(Map<String, String> fields) {
        String json = fields.get(JobFields.ARGUMENTS_FIELD);
        List<String> texts = new ArrayList<>();
        JobFields.textArguments(fields).forEach((argument, value) -> {
            texts.add(argument);
            texts.add(value);
        });
        if (json != null) {
            texts.add(0, json); // fields of both forms give no valid signature
            texts.add(0, "");
        }
        return texts;
    }

    private byte[][] parts(String id, String name, List<String> arguments) {
        List<String> parts = new ArrayList<>(List.of(application, id, name));
        parts.addAll(arguments);
        return parts.stream().map(part -> part.getBytes(StandardCharsets.UTF_8)).toArray(byte[][]::new);
    }
}
