package io.gatehouse.internal.jetty;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.ByteArrayOutputStream;
import java.io.PrintWriter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * The response as Gatehouse uses it while no servlet serves the request: Jetty then takes headers, but neither a body nor
 * {@code sendError}. Both are kept, and sent by the means of Jetty. Not thread-safe.
 */
final class OwnAnswer extends HttpServletResponseWrapper {
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    private final ServletOutputStream output = new Body();
    private @Nullable PrintWriter writer;
    private boolean given;
    private int error;

    OwnAnswer(HttpServletResponse response) {
        super(response);
    }

    /** Returns whether Gatehouse answers the request. */
    boolean isGiven() {
        return given;
    }

    /** Sends the answer; an error with the page of the application for it. */
    boolean send(ServedRequest served, Request request, Response response, Callback callback) throws Exception {
        if (error != 0) {
            response.setStatus(error);
            request.setAttribute(ErrorHandler.ERROR_STATUS, error);
            return served.serve(request, response, callback);
        }
        write(response, callback);
        return true;
    }

    /** Sends the answer in place of one that is under way; an error without a body. */
    void write(Response response, Callback callback) {
        if (error != 0) {
            response.setStatus(error);
        }
        if (writer != null) {
            writer.flush();
        }
        response.write(true, ByteBuffer.wrap(body.toByteArray()), callback);
    }

    @Override
    public void setStatus(int status) {
        given = true;
        super.setStatus(status);
    }

    @Override
    public void sendError(int status) {
        given = true;
        error = status;
        body.reset();
    }

    @Override
    public void sendError(int status, String message) {
        sendError(status);
    }

    @Override
    public void reset() {
        super.reset();
        error = 0;
        body.reset();
    }

    @Override
    public void resetBuffer() {
        body.reset();
    }

    @Override
    public ServletOutputStream getOutputStream() {
        given = true;
        return output;
    }

    @Override
    public PrintWriter getWriter() {
        given = true;
        if (writer == null) {
            writer = new PrintWriter(body, false, StandardCharsets.UTF_8);
        }
        return writer;
    }

    @Override
    public void setContentLength(int length) {}

    @Override
    public void setContentLengthLong(long length) {}

    @Override
    public void flushBuffer() {}

    private final class Body extends ServletOutputStream {
        @Override
        public void write(int one) {
            body.write(one);
        }

        @Override
        public void write(byte[] bytes, int from, int length) {
            body.write(bytes, from, length);
        }

        @Override
        public boolean isReady() {
            return true;
        }

        @Override
        public void setWriteListener(WriteListener listener) {
            throw new IllegalStateException("Gatehouse answers without waiting");
        }
    }
}
