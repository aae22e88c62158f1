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
 * A source of the metadata of OpenID Connect providers: their configuration (OpenID Connect Discovery 1.0, section 4) and their
 * keys (JWKS, RFC 7517). The key of an entry is the issuer. Its value is a map of {@code configuration} and {@code jwks}, each a
 * map of the parsed JSON.
 *
 * <p>Only configured issuers are requested, over TLS and without following redirects. The URL of the keys comes from the
 * configuration of the provider. Thread-safe.
 */
public final class OpenIdWarmupSource implements WarmupSource {
    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(5);

    private final List<String> issuers;
    private final Function<byte[], Map<String, Object>> parser;
    private final Supplier<HttpClient.Builder> clients;
    private final Duration requestTimeout;
    private final boolean plainLoopback;

    /**
     * Creates a source for these issuers.
     *
     * @param parser parses a JSON object, and throws if the bytes are not one
     */
    public OpenIdWarmupSource(List<URI> issuers, Function<byte[], Map<String, Object>> parser) {
        this(issuers, parser, HttpClient::newBuilder, REQUEST_TIMEOUT, false);
    }

    OpenIdWarmupSource(
            List<URI> issuers,
            Function<byte[], Map<String, Object>> parser,
            Supplier<HttpClient.Builder> clients,
            Duration requestTimeout,
            boolean plainLoopback) {
        this.issuers = issuers.stream().map(URI::toString).distinct().toList();
        this.parser = parser;
        this.clients = clients;
        this.requestTimeout = requestTimeout;
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

    /** Requests the configuration and the keys, each for at most five seconds; returns null for an issuer that is not configured. */
    @Override
    public @Nullable Object load(String issuer) throws InterruptedException {
        if (!issuers.contains(issuer)) {
            return null;
        }
        HttpClient client = client();
        Map<String, Object> configuration = fetch(client, issuer, "configuration", IssuerUrls.configuration(issuer));
        if (!issuer.equals(configuration.get("issuer"))) {
            throw failed(issuer, "configuration", "its issuer is a different one", null);
        }
        Map<String, Object> jwks = fetch(client, issuer, "keys", keysUrl(issuer, configuration));
        if (!(jwks.get("keys") instanceof List)) {
            throw failed(issuer, "keys", "the response has no list of keys", null);
        }
        Map<String, Object> value = new LinkedHashMap<>();
        value.put("configuration", configuration);
        value.put("jwks", jwks);
        return value;
    }

    private URI keysUrl(String issuer, Map<String, Object> configuration) {
        try {
            if (configuration.get("jwks_uri") instanceof String address) {
                URI uri = URI.create(address);
                if (IssuerUrls.isAllowed(uri, plainLoopback)) {
                    return uri;
                }
            }
        } catch (IllegalArgumentException e) {
            throw failed(issuer, "keys", "jwks_uri is not a URL", e);
        }
        throw failed(issuer, "keys", "jwks_uri is not an https URL", null);
    }

    /**
     * Returns a client for one provider. A client cannot be closed before Java 21, so its executor starts a short-lived thread for
     * each of its few tasks; its selector thread ends when the client is no longer reachable.
     */
    private HttpClient client() {
        HttpClient.Builder builder = clients.get()
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(requestTimeout)
                .executor(task -> {
                    Thread thread = new Thread(task, "gatehouse-warming");
                    thread.setDaemon(true);
                    thread.start();
                });
        Thread caller = Thread.currentThread();
        ClassLoader loader = caller.getContextClassLoader();
        caller.setContextClassLoader(
                HttpClient.class
                        .getClassLoader()); // or its thread would keep the class loader of the application reachable
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
                .timeout(requestTimeout)
                .header("Accept", "application/json")
                .build();
        CompletableFuture<HttpResponse<byte[]>> response = client.sendAsync(request, CappedBody::of);
        byte[] body;
        try {
            body = response.get(requestTimeout.toNanos(), TimeUnit.NANOSECONDS)
                    .body(); // the timeout of the request covers the headers only
        } catch (TimeoutException e) {
            throw failed(issuer, what, "no complete response within " + requestTimeout.toMillis() + " ms", e);
        } catch (ExecutionException e) {
            throw failed(issuer, what, reason(e), e);
        } finally {
            response.cancel(true);
        }
        try {
            return parser.apply(body);
        } catch (RuntimeException | StackOverflowError e) {
            throw failed(
                    issuer,
                    what,
                    "the response is not a JSON object",
                    null); // without the message of the parser, which may quote the response
        }
    }

    private static String reason(ExecutionException failure) {
        Throwable cause = failure.getCause();
        return cause instanceof WarmupException failed
                ? String.valueOf(failed.getMessage())
                : cause == null
                        ? "no response"
                        : "no response (" + cause.getClass().getSimpleName() + ")";
    }

    private static WarmupException failed(String issuer, String what, String why, @Nullable Throwable cause) {
        return new WarmupException("Could not load the " + what + " of " + issuer + ": " + why, cause);
    }
}
