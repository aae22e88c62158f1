package io.gatehouse.internal.warmup;

import java.io.ByteArrayOutputStream;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * Reads the body of a JSON response up to a maximum length. A response of another type or status fails without being read. Not
 * thread-safe.
 */
final class CappedBody implements HttpResponse.BodySubscriber<byte[]> {
    static final int MAX_LENGTH = 256 * 1024;

    private final @Nullable String rejection;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final CompletableFuture<byte[]> body = new CompletableFuture<>();
    private Flow.@Nullable Subscription subscription;

    private CappedBody(@Nullable String rejection) {
        this.rejection = rejection;
    }

    static CappedBody of(HttpResponse.ResponseInfo response) {
        if (response.statusCode() != 200) {
            return new CappedBody("the status is " + response.statusCode() + "; expected 200");
        }
        String type = response.headers()
                .firstValue("Content-Type")
                .orElse("")
                .replaceFirst(";.*", "")
                .strip()
                .toLowerCase(Locale.ROOT);
        boolean json = type.equals("application/json") || (type.startsWith("application/") && type.endsWith("+json"));
        return new CappedBody(json ? null : "the media type is not JSON");
    }

    @Override
    public CompletionStage<byte[]> getBody() {
        return body;
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
        this.subscription = subscription;
        if (rejection == null) {
            subscription.request(Long.MAX_VALUE);
        } else {
            reject(rejection);
        }
    }

    @Override
    public void onNext(List<ByteBuffer> parts) {
        for (ByteBuffer part : parts) {
            if (bytes.size() + part.remaining() > MAX_LENGTH) {
                reject("the response is longer than " + MAX_LENGTH + " bytes");
                return;
            }
            byte[] copy = new byte[part.remaining()];
            part.get(copy);
            bytes.writeBytes(copy);
        }
    }

    private void reject(String why) {
        body.completeExceptionally(new WarmupException(why, null));
        if (subscription != null) {
            subscription.cancel();
        }
    }

    @Override
    public void onError(Throwable failure) {
        body.completeExceptionally(failure);
    }

    @Override
    public void onComplete() {
        body.complete(bytes.toByteArray());
    }
}
