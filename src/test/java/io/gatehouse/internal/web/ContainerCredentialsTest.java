package io.gatehouse.internal.web;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.http.HttpServletRequest;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The accounts that a request presents to the container. */
class ContainerCredentialsTest {
    private static HttpServletRequest request(@Nullable String authorization, String... users) {
        return (HttpServletRequest) Proxy.newProxyInstance(
                ContainerCredentialsTest.class.getClassLoader(),
                new Class<?>[] {HttpServletRequest.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "getHeader" -> authorization;
                    case "getParameterValues" -> users.length == 0 ? null : users;
                    default -> throw new AssertionError(method);
                });
    }

    private static TypedAccounts basic(String credentials) {
        return ContainerCredentials.ofHeader(
                request("Basic " + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8))));
    }

    @Test
    void theAccountOfBasicEndsAtTheFirstColon() {
        assertThat(basic("alice:wonder:land").accounts()).containsExactly("alice");
        assertThat(basic("älice:").accounts()).containsExactly("älice");
        assertThat(basic("alice").accounts()).containsExactly("alice");
        assertThat(basic("alice:x").inHeader()).isTrue();
        assertThat(ContainerCredentials.ofHeader(request("bASIC  YWxpY2U6eA==")).accounts())
                .containsExactly("alice");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Basic !", "Basic ", "Basic OnB3", "Digest realm=\"r\"", "Digest username=\"\""})
    void credentialsWithoutAReadableAccountAreAnAttempt(String header) {
        TypedAccounts typed = ContainerCredentials.ofHeader(request(header));
        assertThat(typed.accounts()).isEmpty();
        assertThat(typed.unnamed()).isTrue();
        assertThat(typed.isNone()).isFalse();
    }

    @Test
    void theAccountOfDigestIsUnquoted() {
        assertThat(ContainerCredentials.ofHeader(request("Digest username=\"alice\", realm=\"r\""))
                        .accounts())
                .containsExactly("alice");
        assertThat(ContainerCredentials.ofHeader(request("digest realm=\"r\",username = \"al\\\"ice\""))
                        .accounts())
                .containsExactly("al\"ice");
        assertThat(ContainerCredentials.ofHeader(request("Digest realm=\"username=bob\", username=\"alice\""))
                        .accounts())
                .containsExactly("alice");
    }

    @Test
    void otherSchemesAndNoHeaderAreNoAttempt() {
        assertThat(ContainerCredentials.ofHeader(request("Bearer x"))).isEqualTo(TypedAccounts.NONE);
        assertThat(ContainerCredentials.ofHeader(request(null))).isEqualTo(TypedAccounts.NONE);
    }

    @Test
    void everyNameOfTheFormCounts() {
        assertThat(ContainerCredentials.ofForm(request(null, "alice", "bob", " "))
                        .accounts())
                .containsExactly("alice", "bob");
        assertThat(ContainerCredentials.ofForm(request(null)).unnamed()).isTrue();
        assertThat(ContainerCredentials.isForm("/secure/j_security_check")).isTrue();
        assertThat(ContainerCredentials.isForm("/j_security_check/x")).isFalse();
    }

    /** Otherwise a header would keep a form from being counted. */
    @Test
    void aFormAndAHeaderCountBoth() {
        TypedAccounts form = new TypedAccounts(Set.of("alice"), false, false, false);
        TypedAccounts both = form.and(basic("bob:x"));
        assertThat(both.accounts()).containsExactlyInAnyOrder("alice", "bob");
        assertThat(both.inHeader()).isFalse();
        assertThat(TypedAccounts.NONE.and(basic("bob:x")).inHeader()).isTrue();
    }
}
