package io.gatehouse.internal.undertow;

import io.undertow.server.HttpServerExchange;
import io.undertow.servlet.handlers.ServletRequestContext;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.PrintWriter;
import java.io.Writer;

/**
 * A response that Undertow is about to commit. Its status and headers can still be changed, but nothing can be written to it, because
 * Undertow has already decided what follows. If the session cannot be saved, the response becomes an error without a body.
 */
final class CommittingResponse extends HttpServletResponseWrapper {
    private final HttpServerExchange exchange;

    CommittingResponse(ServletRequestContext request, HttpServerExchange exchange) {
        super(request.getOriginalResponse());
        this.exchange = exchange;
    }

    @Override
    public boolean isCommitted() {
        return exchange.isResponseStarted();
    }

    @Override
    public void setStatus(int status) {
        if (!exchange.isResponseStarted()) {
            exchange.setStatusCode(status);
        }
    }

    @Override
    public void setHeader(String name, String value) {
        exchange.getResponseHeaders().put(new HttpString(name), value);
    }

    @Override
    public void sendError(int status) {
        exchange.getResponseHeaders().remove(Headers.LOCATION);
        setStatus(status);
    }

    @Override
    public void sendError(int status, String message) {
        sendError(status);
    }

    @Override
    public void reset() {
        exchange.getResponseHeaders().remove(Headers.LOCATION);
    }

    @Override
    public void setContentLength(int length) {}

    @Override
    public void setContentLengthLong(long length) {}

    @Override
    public void setContentType(String type) {}

    @Override
    public PrintWriter getWriter() {
        return new PrintWriter(Writer.nullWriter());
    }

    @Override
    public ServletOutputStream getOutputStream() {
        return new ServletOutputStream() {
            @Override
            public void write(int discarded) {}

            @Override
            public boolean isReady() {
                return true;
            }

            @Override
            public void setWriteListener(WriteListener listener) {
                throw new IllegalStateException("the response is being committed");
            }
        };
    }

    @Override
    public void flushBuffer() {}
}
