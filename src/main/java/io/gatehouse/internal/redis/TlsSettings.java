package io.gatehouse.internal.redis;

import io.gatehouse.internal.config.Config;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.SslOptions;
import redis.clients.jedis.SslVerifyMode;

/** Reads the certificates that Gatehouse trusts and presents on {@code rediss://} connections. Host names are always verified. */
final class TlsSettings {
    private static final String STORE_TYPE = "PKCS12";
    private static final char[] IN_MEMORY = "in memory only".toCharArray();

    private TlsSettings() {}

    static SslOptions from(Config config) {
        SslOptions.Builder options = SslOptions.builder()
                .sslVerifyMode(SslVerifyMode.FULL)
                .trustStoreType(STORE_TYPE)
                .keyStoreType(STORE_TYPE);
        try {
            String ca = config.read(RedisSettings.TLS_CA);
            if (!ca.isEmpty()) {
                byte[] store = bytes(trustStore(certificates(ca)));
                options.truststore(() -> new ByteArrayInputStream(store), IN_MEMORY);
            }
            addClientKey(config, options);
        } catch (GeneralSecurityException | IOException e) {
            config.problem(RedisSettings.TLS_CA, "certificates in PEM form: " + e.getMessage());
        }
        return options.build();
    }

    private static void addClientKey(Config config, SslOptions.Builder options)
            throws GeneralSecurityException, IOException {
        String chain = config.read(RedisSettings.TLS_CERTIFICATE);
        String key = config.read(RedisSettings.TLS_PRIVATE_KEY).reveal();
        if (chain.isEmpty() && key.isEmpty()) {
            return;
        }
        PrivateKey privateKey = privateKey(key);
        if (chain.isEmpty() || privateKey == null) {
            config.problem(
                    RedisSettings.TLS_PRIVATE_KEY,
                    "an unencrypted PKCS #8 key in PEM form together with GATEHOUSE_REDIS_TLS_CERTIFICATE");
            return;
        }
        KeyStore store = emptyStore();
        store.setKeyEntry("client", privateKey, IN_MEMORY, certificates(chain).toArray(Certificate[]::new));
        byte[] bytes = bytes(store);
        options.keystore(() -> new ByteArrayInputStream(bytes), IN_MEMORY);
    }

    private static byte[] bytes(KeyStore store) throws GeneralSecurityException, IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        store.store(bytes, IN_MEMORY);
        return bytes.toByteArray();
    }

    private static KeyStore trustStore(Collection<? extends Certificate> certificates)
            throws GeneralSecurityException, IOException {
        KeyStore store = emptyStore();
        int number = 0;
        for (Certificate certificate : certificates) {
            store.setCertificateEntry("ca" + number++, certificate);
        }
        return store;
    }

    private static KeyStore emptyStore() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance(STORE_TYPE);
        store.load(null, null);
        return store;
    }

    private static Collection<? extends Certificate> certificates(String pem) throws GeneralSecurityException {
        return CertificateFactory.getInstance("X.509")
                .generateCertificates(new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII)));
    }

    private static @Nullable PrivateKey privateKey(String pem) throws GeneralSecurityException {
        String body = pem.replaceAll("-----[A-Z ]+-----", "").replaceAll("\\s", "");
        byte[] encoded;
        try {
            encoded = Base64.getDecoder().decode(body);
        } catch (IllegalArgumentException e) {
            return null;
        }
        for (String algorithm : List.of("RSA", "EC", "Ed25519")) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(encoded));
            } catch (InvalidKeySpecException e) {
                // try the next algorithm
            }
        }
        return null;
    }
}
