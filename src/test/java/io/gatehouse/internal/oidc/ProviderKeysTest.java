package io.gatehouse.internal.oidc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import java.io.IOException;
import java.text.ParseException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ProviderKeysTest {
    private static final JWSHeader RSA =
            new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("rsa").build();
    private static final JWSHeader UNKNOWN =
            new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("other").build();

    private final AtomicLong nanos = new AtomicLong();
    private final AtomicInteger fetches = new AtomicInteger();
    private volatile JWKSet published = new TestProvider().keys();
    private final ProviderKeys keys = new ProviderKeys(this::fetch, nanos::get);

    private JWKSet fetch() throws IOException {
        fetches.incrementAndGet();
        JWKSet now = published;
        if (now.getKeys().isEmpty()) {
            throw new IOException("the provider is unavailable");
        }
        return now;
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    @Test
    void keepsTheKeysForAnHour() throws LogoutRefusedException {
        assertThat(keys.matching(RSA)).hasSize(1);
        pass(Duration.ofMinutes(59));
        assertThat(keys.matching(RSA)).hasSize(1);
        assertThat(fetches).hasValue(1);
        pass(Duration.ofMinutes(2));
        assertThat(keys.matching(RSA)).hasSize(1);
        assertThat(fetches).hasValue(2);
    }

    @Test
    void fetchesForAnUnknownKeyAtMostEveryThirtySeconds() throws LogoutRefusedException {
        for (int i = 0; i < 50; i++) {
            assertThat(keys.matching(UNKNOWN)).isEmpty();
        }
        assertThat(fetches).hasValue(1);
        pass(Duration.ofSeconds(31));
        assertThat(keys.matching(UNKNOWN)).isEmpty();
        assertThat(fetches).hasValue(2);
    }

    @Test
    void findsTheKeyOfARotationAtTheProvider() throws LogoutRefusedException {
        JWKSet before = published;
        published = new JWKSet(before.getKeyByKeyId("ec"));
        assertThat(keys.matching(RSA)).isEmpty();
        published = before;
        pass(Duration.ofSeconds(31));
        assertThat(keys.matching(RSA)).hasSize(1);
    }

    @Test
    void saysThatTheKeysAreUnavailableAndAsksAgainOnlyAfterThirtySeconds() throws LogoutRefusedException {
        JWKSet before = published;
        published = new JWKSet();
        for (int i = 0; i < 10; i++) {
            assertThatThrownBy(() -> keys.matching(RSA)).hasMessage("unavailable");
        }
        assertThat(fetches).hasValue(1);
        published = before;
        pass(Duration.ofSeconds(31));
        assertThat(keys.matching(RSA)).hasSize(1);
    }

    @Test
    void doesNotTrustKeysForLongerThanAnHour() throws LogoutRefusedException {
        assertThat(keys.matching(RSA)).hasSize(1);
        published = new JWKSet();
        pass(Duration.ofMinutes(61));
        assertThatThrownBy(() -> keys.matching(RSA)).hasMessage("unavailable");
    }

    @Test
    void findsNoSymmetricKeyForAnAsymmetricAlgorithm() throws LogoutRefusedException {
        published = new JWKSet(
                new OctetSequenceKey.Builder(new byte[64]).keyID("rsa").build());
        assertThat(keys.matching(RSA)).isEmpty();
    }

    @Test
    void readsTheKeysOfTheWarmedProvider() throws ParseException {
        JWKSet before = published;
        Map<String, Object> provider = Map.of("configuration", Map.of(), "jwks", before.toJSONObject());
        assertThat(ProviderKeys.published(provider).getKeyByKeyId("rsa")).isEqualTo(before.getKeyByKeyId("rsa"));
        assertThatThrownBy(() -> ProviderKeys.published(Map.of("jwks", List.of())))
                .isInstanceOf(ParseException.class);
    }
}
