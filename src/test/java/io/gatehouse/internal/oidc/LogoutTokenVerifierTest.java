package io.gatehouse.internal.oidc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Date;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LogoutTokenVerifierTest {
    private static final TestProvider PROVIDER = new TestProvider();

    private static LogoutTokenVerifier verifier(InstantSource clock) {
        return new LogoutTokenVerifier(PROVIDER.settings(), new ProviderKeys(PROVIDER::keys, System::nanoTime), clock);
    }

    private final LogoutTokenVerifier verifier = verifier(InstantSource.system());

    @Test
    void acceptsEveryAsymmetricAlgorithmThatTheKeysHave() throws LogoutRefusedException {
        for (JWSAlgorithm algorithm : List.of(
                JWSAlgorithm.RS256,
                JWSAlgorithm.RS384,
                JWSAlgorithm.RS512,
                JWSAlgorithm.PS256,
                JWSAlgorithm.PS512,
                JWSAlgorithm.ES256)) {
            LogoutToken token = verifier.verify(PROVIDER.token(
                    algorithm,
                    claims -> claims.subject("alice").claim("sid", "s1").jwtID("id")));
            assertThat(token.sub()).as(algorithm.getName()).isEqualTo("alice");
            assertThat(token.sid()).isEqualTo("s1");
            assertThat(token.id()).isEqualTo("id");
        }
    }

    @Test
    void refusesEveryBadTokenWithItsReasonAndQuotesNothing() throws JOSEException {
        for (Map.Entry<String, TestProvider.BadToken> bad : PROVIDER.badTokens().entrySet()) {
            LogoutRefusedException refusal = catchThrowableOfType(
                    LogoutRefusedException.class,
                    () -> verifier.verify(bad.getValue().token()));
            assertThat(refusal).as(bad.getKey()).isNotNull();
            assertThat(refusal.outcome())
                    .as(bad.getKey())
                    .isEqualTo(bad.getValue().outcome());
            assertThat(refusal).hasMessage(refusal.outcome().label()).hasNoCause();
        }
    }

    @Test
    void acceptsOneOfSeveralAudiences() throws LogoutRefusedException {
        assertThat(verifier.verify(PROVIDER.token(
                                claims -> claims.subject("alice").audience(List.of("other", TestProvider.CLIENT))))
                        .sub())
                .isEqualTo("alice");
    }

    @Test
    void allowsForTheClockSkewInBothDirections() throws LogoutRefusedException {
        Instant now = Instant.now();
        String token = PROVIDER.token(claims ->
                claims.subject("alice").issueTime(Date.from(now)).expirationTime(Date.from(now.plusSeconds(120))));
        assertThat(verifier(() -> now.minusSeconds(50)).verify(token).sub()).isEqualTo("alice");
        assertThat(verifier(() -> now.plusSeconds(170)).verify(token).sub()).isEqualTo("alice");
        assertThatThrownBy(() -> verifier(() -> now.minusSeconds(70)).verify(token))
                .hasMessage("time");
        assertThatThrownBy(() -> verifier(() -> now.plusSeconds(190)).verify(token))
                .hasMessage("time");
    }

    @Test
    void acceptsATokenWithoutAnEndForFiveMinutes() throws LogoutRefusedException {
        Instant now = Instant.now();
        String token = PROVIDER.token(
                claims -> claims.subject("alice").issueTime(Date.from(now)).expirationTime(null));
        assertThat(verifier.verify(token).acceptedUntil())
                .isBetween(now.plus(Duration.ofMinutes(5)), now.plus(Duration.ofMinutes(7)));
    }

    @Test
    void neverAcceptsATokenForMoreThanAnHourAndTheSkew() throws LogoutRefusedException {
        Instant now = Instant.now();
        String token = PROVIDER.token(claims -> claims.subject("alice")
                .issueTime(Date.from(now))
                .expirationTime(Date.from(now.plus(Duration.ofDays(3650)))));
        assertThat(verifier.verify(token).acceptedUntil()).isBefore(now.plus(Duration.ofMinutes(62)));
    }
}
