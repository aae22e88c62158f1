package io.gatehouse.internal.warmup;

import io.gatehouse.warmup.WarmupSource;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What OpenID providers tell about themselves: their configuration (OpenID Connect Discovery 1.0, section 4) and their keys (RFC
 * 7517). The key of an entry is the issuer, its value a map of {@code configuration} and {@code jwks}, each a map as it was
 * parsed. Only providers that were named are asked, over TLS, without following redirects; the keys are where the provider says
 * they are. Safe for use by several threads.
 */
public final class OpenIdWarmupSource implements WarmupSource {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final List<String> issuers;
    private final Function<byte[], Map<String, Object>> parser;
    private final Supplier<HttpClient.Builder> clients;
    private final Duration patience;
    private final boolean plainLoopback;

    /**
     * A source of these providers.
     *
     * @param parser reads an object in JSON, or throws
     */
    public OpenIdWarmupSource(List<URI> issuers, Function<byte[], Map<String, Object>> parser) {
        this(issuers, parser, HttpClient::newBuilder, PATIENCE, false);
    }

    OpenIdWarmupSource(
            List<URI> issuers,
            Function<byte[], Map<String, Object>> parser,
            Supplier<HttpClient.Builder> clients,
            Duration patience,
            boolean plainLoopback) {
        this.issuers = issuers.stream().map(URI::toString).distinct().toList();
        this.parser = parser;
        this.clients = clients;
        this.patience = patience;
        this.plainLoopback = plainLoopback;
    }

    @Override
    public String scope() {
        return OAUTH;
    }

    @Override
    public Stream<String> keys() {
        return issuers.stream();
    }

    /** Asks the provider, twice for at most five seconds; of one that was not named nothing is known. */
    @Override
    public @Nullable Object load(String issuer) throws InterruptedException {
        if (!issuers.contains(issuer)) {
            return null;
        }
        HttpClient client = client();
        Map<String, Object> configuration = fetch(client, issuer, "configuration", IssuerUrls.configuration(issuer));
        if (!issuer.equals(configuration.get("issuer"))) {
            throw failed(issuer, "configuration", "it is another issuer's, or not spelled alike", null);
        }
        Map<String, Object> jwks = fetch(client, issuer, "keys", keysAt(issuer, configuration));
        if (!(jwks.get("keys") instanceof List)) {
            throw failed(issuer, "keys", "there is no list of keys", null);
        }
        Map<String, Object> value = new LinkedHashMap<>();
        value.put("configuration", configuration);
        value.put("jwks", jwks);
        return value;
    }

    private URI keysAt(String issuer, Map<String, Object> configuration) {
        try {
            if (configuration.get("jwks_uri") instanceof String address) {
                URI uri = URI.create(address);
                if (IssuerUrls.isAllowed(uri, plainLoopback)) {
                    return uri;
                }
            }
        } catch (IllegalArgumentException e) {
            throw failed(issuer, "keys", "jwks_uri is no address", e);
        }
        throw failed(issuer, "keys", "jwks_uri is no https URL", null);
    }

    /**
     * A client for one provider. It cannot be closed before Java 21, so it gets no threads that would stay: each of its few tasks
     * has a short-lived one, and the client's own ends when nobody holds the client any more.
     */
    private HttpClient client() {
        HttpClient.Builder builder = clients.get()
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(patience)
                .executor(task -> {
                    Thread thread = new Thread(task, "gatehouse-warming");
                    thread.setDaemon(true);
                    thread.start();
                });
        Thread caller = Thread.currentThread();
        ClassLoader loader = caller.getContextClassLoader();
        caller.setContextClassLoader(
                HttpClient.class.getClassLoader()); // else the client's thread would keep the application's
        try {
            return builder.build();
        } finally {
            caller.setContextClassLoader(loader);
        }
    }

    private Map<String, Object> fetch(HttpClient client, String issuer, String what, URI address)
            throws InterruptedException {
        if (!IssuerUrls.isAllowed(address, plainLoopback)) {
            throw failed(issuer, what, "not an https URL", null);
        }
        HttpRequest request = HttpRequest.newBuilder(address)
                .timeout(patience)
                .header("Accept", "application/json")
                .build();
        CompletableFuture<HttpResponse<byte[]>> answer = client.sendAsync(request, CappedBody::of);
        byte[] body;
        try {
            body = answer.get(patience.toNanos(), TimeUnit.NANOSECONDS)
                    .body(); // the request's own time ends with the headers
        } catch (TimeoutException e) {
            throw failed(issuer, what, "no whole answer within " + patience.toMillis() + " ms", e);
        } catch (ExecutionException e) {
            throw failed(issuer, what, reason(e), e);
        } finally {
            answer.cancel(true);
        }
        try {
            return parser.apply(body);
        } catch (RuntimeException | StackOverflowError e) {
            throw failed(issuer, what, "the answer is no JSON object", null); // the parser's message may quote it
        }
    }

    private static String reason(ExecutionException failure) {
        Throwable cause = failure.getCause();
        return cause instanceof WarmupException ours
                ? String.valueOf(ours.getMessage())
                : cause == null ? "no answer" : "no answer (" + cause.getClass().getSimpleName() + ")";
    }

    private static WarmupException failed(String issuer, String what, String why, @Nullable Throwable cause) {
        return new WarmupException("the " + what + " of " + issuer + " could not be had: " + why, cause);
    }
}
