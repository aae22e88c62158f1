package io.gatehouse.internal.web;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import java.io.IOException;
import java.util.function.UnaryOperator;

/**
 * The asynchronous cycle of a request as the application sees it. If the application passed no request and response to
 * {@code startAsync}, the container has started the cycle with its own ones, so that {@link #dispatch()} goes to the path of the
 * original request. The application and its listeners get the wrapped request and response in any case.
 */
final class GatehouseAsyncContext implements AsyncContext {
    private final AsyncContext container;
    private final boolean original;
    private final ServletRequest request;
    private final ServletResponse response;
    private final Runnable save;
    private final UnaryOperator<Runnable> binding;

    /**
     * @param original whether the application passed no request and response
     * @param save saves the session before the response is completed
     * @param binding makes a task of {@link #start} act on behalf of the request
     */
    GatehouseAsyncContext(
            AsyncContext container,
            boolean original,
            ServletRequest request,
            ServletResponse response,
            Runnable save,
            UnaryOperator<Runnable> binding) {
        this.container = container;
        this.original = original;
        this.request = request;
        this.response = response;
        this.save = save;
        this.binding = binding;
    }

    /** Returns whether this wraps a cycle of the container. */
    boolean wraps(AsyncContext cycle) {
        return container == cycle;
    }

    @Override
    public ServletRequest getRequest() {
        return request;
    }

    @Override
    public ServletResponse getResponse() {
        return response;
    }

    @Override
    public boolean hasOriginalRequestAndResponse() {
        return original || container.hasOriginalRequestAndResponse();
    }

    @Override
    public void dispatch() {
        container.dispatch();
    }

    @Override
    public void dispatch(String path) {
        container.dispatch(path);
    }

    @Override
    public void dispatch(ServletContext context, String path) {
        container.dispatch(context, path);
    }

    @Override
    public void complete() {
        save.run();
        container.complete();
    }

    @Override
    public void start(Runnable task) {
        container.start(binding.apply(task));
    }

    @Override
    public void addListener(AsyncListener listener) {
        container.addListener(new Listener(listener));
    }

    @Override
    public void addListener(AsyncListener listener, ServletRequest request, ServletResponse response) {
        container.addListener(new Listener(listener), request, response);
    }

    @Override
    public <T extends AsyncListener> T createListener(Class<T> type) throws ServletException {
        return container.createListener(type);
    }

    @Override
    public void setTimeout(long milliseconds) {
        container.setTimeout(milliseconds);
    }

    @Override
    public long getTimeout() {
        return container.getTimeout();
    }

    /** Delegates events, with the wrapped request and response instead of the container's own. */
    private final class Listener implements AsyncListener {
        private final AsyncListener listener;

        Listener(AsyncListener listener) {
            this.listener = listener;
        }

        private AsyncEvent wrap(AsyncEvent event) {
            ServletRequest supplied = event.getSuppliedRequest();
            ServletResponse answer = event.getSuppliedResponse();
            return new AsyncEvent(
                    wrap(event.getAsyncContext()),
                    supplied == container.getRequest() ? request : supplied,
                    answer == container.getResponse() ? response : answer,
                    event.getThrowable());
        }

        private AsyncContext wrap(AsyncContext cycle) {
            return cycle == container || cycle == null
                    ? GatehouseAsyncContext.this
                    : new GatehouseAsyncContext(cycle, original, request, response, save, binding);
        }

        @Override
        public void onComplete(AsyncEvent event) throws IOException {
            listener.onComplete(wrap(event));
        }

        @Override
        public void onTimeout(AsyncEvent event) throws IOException {
            listener.onTimeout(wrap(event));
        }

        @Override
        public void onError(AsyncEvent event) throws IOException {
            listener.onError(wrap(event));
        }

        @Override
        public void onStartAsync(AsyncEvent event) throws IOException {
            listener.onStartAsync(wrap(event));
        }
    }
}
