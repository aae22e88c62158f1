package io.gatehouse.internal.undertow;

import static org.assertj.core.api.Assertions.assertThat;

import io.undertow.servlet.util.SavedRequest;
import io.undertow.util.HeaderMap;
import io.undertow.util.HttpString;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.wildfly.security.auth.principal.NamePrincipal;
import org.wildfly.security.cache.CachedIdentity;

/** Tests the texts for the server's session attributes. */
class AttributeFormsTest {
    private final AttributeForms forms = new AttributeForms("file", () -> Duration.ZERO);

    private static CachedIdentity alice() {
        return new CachedIdentity("FORM", false, new NamePrincipal("alice"));
    }

    private String stored(Object value, String session) {
        return Objects.requireNonNull(forms.stored(value, session));
    }

    private static List<String> decoded(String text) {
        return Stream.of(text.split(" ", -1))
                .skip(1)
                .map(field -> new String(Base64.getUrlDecoder().decode(field), StandardCharsets.UTF_8))
                .toList();
    }

    @Test
    void storeAUserByNameAndMechanismOnly() {
        assertThat(decoded(stored(alice(), "s1"))).containsExactly("file", "alice", "FORM", "false");
    }

    @Test
    void restoreAUserOnAnotherNode() {
        Object restored = new AttributeForms("file", () -> Duration.ZERO)
                .restored(stored(alice(), "s1"), "s1", user -> true, null);
        assertThat(restored).isInstanceOfSatisfying(CachedIdentity.class, identity -> {
            assertThat(identity.getName()).isEqualTo("alice");
            assertThat(identity.getMechanismName()).isEqualTo("FORM");
            assertThat(identity.isProgrammatic()).isFalse();
            assertThat(identity.getSecurityIdentity()).isNull();
        });
    }

    @Test
    void restoreNoUserOfAnotherRealm() {
        assertThat(new AttributeForms("ldap", () -> Duration.ZERO)
                        .restored(stored(alice(), "s1"), "s1", user -> true, null))
                .isNull();
    }

    @Test
    void restoreNoUserWhoWasLoggedOutInFilterMode() {
        String text = stored(alice(), "s1");
        assertThat(forms.restored(text, "s1", "bob"::equals, null)).isNull();
        assertThat(forms.restored(text, "s1", "alice"::equals, null)).isNotNull();
    }

    @Test
    void keepAUserForAMinuteFromTheFirstRequestSoThatGroupsAreReadAgain() {
        AtomicLong nanos = new AtomicLong();
        Identities identities = new Identities("file", () -> Duration.ZERO, nanos::get);
        CachedIdentity alice = alice();
        String text = Objects.requireNonNull(identities.stored(alice, "s1"));
        nanos.addAndGet(Duration.ofSeconds(59).toNanos());
        assertThat(identities.restored(text, decoded(text), "s1", user -> true, null))
                .isSameAs(alice);
        assertThat(identities.stored(alice(), "s1")).isEqualTo(text);
        nanos.addAndGet(Duration.ofSeconds(1).toNanos());
        assertThat(identities.restored(text, decoded(text), "s1", user -> true, null))
                .isNotNull()
                .isNotSameAs(alice);
    }

    @Test
    void keepAUserAsLongAsTheConfigurationSays() {
        AtomicLong nanos = new AtomicLong();
        Identities identities = new Identities("file", () -> Duration.ofMinutes(5), nanos::get);
        CachedIdentity alice = alice();
        String text = Objects.requireNonNull(identities.stored(alice, "s1"));
        nanos.addAndGet(Duration.ofSeconds(299).toNanos());
        assertThat(identities.restored(text, decoded(text), "s1", user -> true, null))
                .isSameAs(alice);
        nanos.addAndGet(Duration.ofSeconds(1).toNanos());
        assertThat(identities.restored(text, decoded(text), "s1", user -> true, null))
                .isNotSameAs(alice);
    }

    @Test
    void keepNobodyLonger() {
        AtomicLong nanos = new AtomicLong();
        Identities identities = new Identities("file", () -> Duration.ZERO, nanos::get);
        for (int i = 0; i < 100; i++) {
            assertThat(identities.stored(alice(), "s" + i)).isNotNull();
            nanos.addAndGet(Duration.ofSeconds(1).toNanos());
        }
        assertThat(identities.size()).isEqualTo(60);
    }

    @Test
    void forgetAUserWithTheAttribute() {
        CachedIdentity alice = alice();
        String text = stored(alice, "s1");
        assertThat(forms.restored(text, "s1", user -> true, null)).isSameAs(alice);
        forms.removed("s1");
        assertThat(forms.restored(text, "s1", user -> true, null)).isNotSameAs(alice);
    }

    @Test
    void keepNoUserForASessionOfAnotherUser() {
        String unused = stored(alice(), "s1");
        String bob = stored(new CachedIdentity("FORM", false, new NamePrincipal("bob")), "s2");
        assertThat(forms.restored(bob, "s1", user -> true, null))
                .isInstanceOfSatisfying(
                        CachedIdentity.class,
                        found -> assertThat(found.getName()).isEqualTo("bob"));
    }

    @Test
    void storeARequestWithoutCookiesAndCredentials() {
        HeaderMap headers = new HeaderMap();
        headers.put(new HttpString("Content-Type"), "text/plain");
        headers.put(new HttpString("Cookie"), "sid=secret-token");
        headers.put(new HttpString("Authorization"), "Basic c2VjcmV0");
        byte[] body = {'t', '=', (byte) 0xFC, 0, 'x'};
        String text = stored(new SavedRequest(body, 4, new HttpString("POST"), "/say", headers), "s1");
        assertThat(decoded(text)).containsExactly("POST", "/say", "t=\u00fc\0", "Content-Type", "text/plain");

        Object restored = Objects.requireNonNull(forms.restored(text, "s1", user -> true, null));
        assertThat(restored).isInstanceOf(SavedRequest.class);
        assertThat(stored(restored, "s1")).isEqualTo(text);
    }

    @Test
    void coverWhatTheServerStoresAndNothingOfTheApplication() {
        assertThat(forms.covers("user", alice())).isTrue();
        String location = "org.wildfly.security.http.form.FormAuthenticationMechanism.Location";
        assertThat(forms.covers(location, "http://localhost/a")).isTrue();
        assertThat(forms.restored(stored("http://localhost/a", "s1"), "s1", user -> true, null))
                .isEqualTo("http://localhost/a");
        assertThat(forms.covers("name", "text")).isFalse();
        assertThat(forms.covers(location, List.of("text"))).isFalse();
        assertThat(forms.restored("unknown dA", "s1", user -> true, null)).isNull();
    }
}
