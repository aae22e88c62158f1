package io.gatehouse.internal.jobs;

import io.gatehouse.internal.signing.KeyPurpose;
import io.gatehouse.internal.signing.KeyRing;
import io.gatehouse.jobs.JobRun;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Signs and verifies runs: {@code <kid>.<HMAC_job(application, id, name, argument, value, ...)>}, with the arguments sorted by
 * name. An attacker who can write to Redis cannot start or change a run. Thread-safe.
 */
final class RunSigner {
    private final KeyRing keys;
    private final String application;

    RunSigner(KeyRing keys, String application) {
        this.keys = keys;
        this.application = application;
    }

    /** Returns the signature of a run. */
    String sign(String id, String name, Map<String, String> arguments) {
        String kid = keys.currentKid();
        byte[] tag = keys.tag(kid, KeyPurpose.JOB, parts(id, name, arguments));
        return kid + '.' + Base64.getUrlEncoder().withoutPadding().encodeToString(tag);
    }

    /** Returns whether a signature is valid for a run. */
    boolean verifies(String signature, JobRun run) {
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
                            parts(run.id(), run.name(), run.arguments()));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private byte[][] parts(String id, String name, Map<String, String> arguments) {
        List<String> parts = new ArrayList<>(List.of(application, id, name));
        new TreeMap<>(arguments).forEach((argument, value) -> {
            parts.add(argument);
            parts.add(value);
        });
        return parts.stream().map(part -> part.getBytes(StandardCharsets.UTF_8)).toArray(byte[][]::new);
    }
}
