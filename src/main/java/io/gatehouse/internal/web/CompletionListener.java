package io.gatehouse.internal.web;

import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;

/**
 * Ends an asynchronous request with {@code onComplete}, which is the last event, also after timeouts and errors.
 *
 * @param end ends the request
 */
record CompletionListener(Runnable end) implements AsyncListener {
    @Override
    public void onComplete(AsyncEvent event) {
        end.run();
    }

    @Override
    public void onTimeout(AsyncEvent event) {}

    @Override
    public void onError(AsyncEvent event) {}

    @Override
    public void onStartAsync(AsyncEvent event) {}
}
