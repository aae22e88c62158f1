package io.gatehouse.internal.web;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.Supplier;

/**
 * The input stream of a buffered body. A read listener is called on a thread of the container while there is data. Reading blocks only
 * beyond the buffer.
 */
final class ReplayedInputStream extends ServletInputStream {
    private final InputStream body;
    private final Supplier<AsyncContext> async;
    private volatile boolean finished;
    private boolean listening;

    /** @param async returns the asynchronous context of the request, or throws {@link IllegalStateException} */
    ReplayedInputStream(InputStream body, Supplier<AsyncContext> async) {
        this.body = body;
        this.async = async;
    }

    @Override
    public int read() throws IOException {
        int next = body.read();
        finished = finished || next < 0;
        return next;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        int count = body.read(bytes, offset, length);
        finished = finished || count < 0;
        return count;
    }

    @Override
    public int available() throws IOException {
        return body.available();
    }

    @Override
    public boolean isFinished() {
        return finished;
    }

    @Override
    public boolean isReady() {
        return true;
    }

    @Override
    public void setReadListener(ReadListener listener) {
        if (listening) {
            throw new IllegalStateException("this stream already has a read listener");
        }
        AsyncContext context = async.get();
        listening = true;
        context.start(() -> notify(listener));
    }

    private void notify(ReadListener listener) {
        try {
            boolean progress = true;
            while (progress && !finished) {
                int before = available();
                listener.onDataAvailable();
                progress = before != available()
                        || before == 0; // otherwise a listener that reads nothing would be called forever
                finished = finished || available() == 0;
            }
            listener.onAllDataRead();
        } catch (IOException | RuntimeException | Error e) {
            listener.onError(e);
        }
    }
}
