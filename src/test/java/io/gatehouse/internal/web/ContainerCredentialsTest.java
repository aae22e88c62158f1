package io.gatehouse.internal.web;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.http.HttpServletRequest;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The accounts that a request presents to the container. */
class ContainerCredentialsTest {
    private static HttpServletRequest request(List<String> authorization, String uri, String... users) {
        return (HttpServletRequest) Proxy.newProxyInstance(
                ContainerCredentialsTest.class.getClassLoader(),
                new Class<?>[] {HttpServletRequest.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "getHeaders" -> Collections.enumeration(authorization);
                    case "getParameterValues" -> users.length == 0 ? null : users;
                    case "getRequestURI" -> uri;
                    default -> throw new AssertionError(method);
                });
    }

    private static HttpServletRequest request(String... authorization) {
        return request(List.of(authorization), "/");
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
        assertThat(ContainerCredentials.ofHeader(request())).isEqualTo(TypedAccounts.NONE);
    }

    @Test
    void everyNameOfTheFormCounts() {
        assertThat(ContainerCredentials.ofForm(request(List.of(), "/", "alice", "bob", " "))
                        .accounts())
                .containsExactly("alice", "bob");
        assertThat(ContainerCredentials.ofForm(request()).unnamed()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "/secure/j_security_check, /secure/j_security_check, true",
        "/j_security_check/x, /j_security_check/x, true",
        "/j_security_checks, /j_security_checks, false",
        "/a%2Fj_security_check, /a%2Fj_security_check, true",
        "/a, /a;x=%2Fj_security_check, true",
        "/a, /a;x=%2Fj_security_check%3By=1, true",
        "/a%2Fxj_security_check, /a%2Fxj_security_check, false",
        "/a, /a%zz/j_security_check, false"
    })
    void theFormIsRecognizedAsContainersDo(String path, String uri, boolean form) {
        assertThat(ContainerCredentials.isForm(request(List.of(), uri), path)).isEqualTo(form);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Bearer x|Basic YWxpY2U6eA==|alice",
                "Basic Ym9iOng=|Basic YWxpY2U6eA==|bob,alice",
                "Basic Ym9iOng=|Digest username=\"alice\"|bob,alice"
            })
    void everyHeaderCounts(String first, String second, String accounts) {
        assertThat(ContainerCredentials.ofHeader(request(first, second)).accounts())
                .containsExactly(accounts.split(","));
    }

    /** Payara and others read what is not quite Base64. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Basic YWxpY2U6eA",
                "Basic YWxp*Y2U6eA==",
                "Basic YWxpY2U6eH!",
                "Basic\tYWxpY2U6eA==",
                "Basic YWxpY2U6Pz8_"
            })
    void theAccountIsReadWhereAContainerMayReadIt(String header) {
        assertThat(ContainerCredentials.ofHeader(request(header)).accounts()).containsExactly("alice");
    }

    @Test
    void aNameThatIsNotUtf8IsLatin1() {
        String encoded = Base64.getEncoder().encodeToString("\u00e4lice:x".getBytes(StandardCharsets.ISO_8859_1));
        assertThat(ContainerCredentials.ofHeader(request("Basic " + encoded)).accounts())
                .containsExactly("\u00e4lice");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Digest username=\"bob\", username=\"alice\"|bob,alice",
                "Digest cnonce=\"username=\", username=\"alice\"|alice",
                "Digest username=alice|alice",
                "Digest username*=UTF-8''%C3%A4lice|\u00e4lice",
                "Digestusername=\"alice\"|alice"
            })
    void everyAccountOfDigestCounts(String header, String accounts) {
        assertThat(ContainerCredentials.ofHeader(request(header)).accounts()).containsExactly(accounts.split(","));
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
