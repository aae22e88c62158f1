package io.gatehouse.internal.web;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/** The HTML page of a refused request, for people. It loads nothing: its one style is allowed by the content security policy. */
final class ProblemPage {
    static final String CONTENT_TYPE = "text/html;charset=UTF-8";

    private static final String STYLE = """

            :root { color-scheme: light; }
            body { margin: 0; font: 16px/1.5 system-ui, sans-serif; color: #1d2a33; background: #f6f4ef; }
            main { max-width: 26rem; margin: 12vh auto 2rem; padding: 1.25rem 1.5rem; background: #fff; border: 1px solid #d8d3c7; border-radius: .6rem; }
            h1 { margin: 0; font-size: 1.5rem; font-weight: 600; }
            small { color: #5b6770; overflow-wrap: anywhere; }
            """;

    private static final String PAGE = """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8"/>
            <meta name="viewport" content="width=device-width"/>
            <title>%1$s</title>
            <style>%2$s</style>
            </head>
            <body>
            <main>
            <h1>%1$s</h1>
            <p>%3$s</p>
            <p><small>Reference: %4$s</small></p>
            </main>
            </body>
            </html>
            """;

    /** The value of {@code Content-Security-Policy}. */
    static final String SECURITY_POLICY = "default-src 'none'; style-src 'sha256-" + sha256(STYLE)
            + "'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private ProblemPage() {}

    /** Returns the page. Needs no escaping, because all texts are constants of Gatehouse without markup. */
    static String html(ProblemDetails problem) {
        return PAGE.formatted(problem.type().heading(), STYLE, problem.detail(), problem.id());
    }

    private static String sha256(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return Base64.getEncoder().encodeToString(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
