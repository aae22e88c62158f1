package io.gatehouse.internal.web;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.http.HttpServletRequest;
import java.lang.reflect.Proxy;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests which cookies of the {@code Cookie} headers have a name, and their values. */
class CookieHeaderTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    'sid=1'                  | 1
                    'a=b; sid=1; c=d'        | 1
                    ' sid=1 ;sid=2'          | 1,2
                    'a=b;;; sid=x=y ;'       | x=y
                    'sid='                   | ''
                    'sid= ; a=b'             | ''
                    'a=sid=1; xsid=1; sid.a=1; SID=1' |
                    'sid; sid =1; sid'       |
                    'si'                     |
                    ';'                      |
                    ''                       |
                    """)
    void findsTheCookiesWithTheName(String header, String values) {
        List<String> found = SessionCookie.values(request(header), "sid");

        if (values == null) {
            assertThat(found).isEmpty();
        } else {
            assertThat(String.join(",", found)).isEqualTo(values);
            assertThat(found).isNotEmpty();
        }
    }

    @Test
    void findsCookiesInSeveralHeaders() {
        assertThat(SessionCookie.values(request("sid=1; a=b", "c=d", "sid=2"), "sid"))
                .containsExactly("1", "2");
        assertThat(SessionCookie.values(request(), "sid")).isEmpty();
    }

    private static HttpServletRequest request(String... headers) {
        return (HttpServletRequest) Proxy.newProxyInstance(
                CookieHeaderTest.class.getClassLoader(),
                new Class<?>[] {HttpServletRequest.class},
                (proxy, method, arguments) -> Collections.enumeration(List.of(headers)));
    }
}
