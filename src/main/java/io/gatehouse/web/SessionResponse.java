package io.gatehouse.web;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import org.jspecify.annotations.Nullable;

/**
 * The response as the application sees it. Before the first byte or the status line leaves, however that comes about, the
 * session is saved and its cookie set. If that fails the answer is a 503, and what the application goes on to write is
 * dropped.
 *
 * <p>To run it is to save: so can Gatehouse in another application, whose classes are others, to which the request is forwarded.
 */
final class SessionResponse extends HttpServletResponseWrapper implements Runnable {
    /** {@code sendRedirect(String, int, boolean)} of Servlet 6.1, where there is one; we compile against 6.0. */
    private static final @Nullable MethodHandle REDIRECT = redirect();

    private final RequestContext requestContext;
    /** Where the cookie goes: during an include, containers put a wrapper in between that drops cookies. */
    private final HttpServletResponse answer;

    private boolean settled;
    private boolean dropping;
    private long written;
    private long contentLength = -1;
    private @Nullable ServletOutputStream stream;
    private @Nullable PrintWriter writer;

    SessionResponse(HttpServletResponse response, HttpServletResponse answer, RequestContext requestContext) {
        super(response);
        this.answer = answer;
        this.requestContext = requestContext;
    }

    @Override
    public void run() {
        boolean unused = settle();
    }

    /** Saves now if that was not done; says whether output may go on. */
    boolean settle() {
        if (!settled) {
            settled = true;
            dropping |= !requestContext.commit(answer);
        }
        return !dropping;
    }

    /** Whether the client can still get a cookie. */
    boolean takesCookies() {
        return AnswerCookies.canBeAddedTo(answer);
    }

    /** The session has changed: if nothing of the answer has left, it is saved again before that. */
    void sessionHasChanged() {
        settled = settled && answer.isCommitted();
    }

    /** Some bytes are about to be written; says whether they may. */
    boolean writing(long bytes) {
        written += bytes;
        if (!settled && (written >= getBufferSize() || (contentLength >= 0 && written >= contentLength))) {
            return settle();
        }
        return !dropping;
    }

    @Override
    public ServletOutputStream getOutputStream() throws IOException {
        ServletOutputStream known = stream;
        if (known == null) {
            known = new CommitStream(super.getOutputStream(), this);
            stream = known;
        }
        return known;
    }

    @Override
    public PrintWriter getWriter() throws IOException {
        PrintWriter known = writer;
        if (known == null) {
            known = new PrintWriter(new CommitWriter(super.getWriter(), this, getCharacterEncoding()));
            writer = known;
        }
        return known;
    }

    @Override
    public void flushBuffer() throws IOException {
        if (settle()) {
            super.flushBuffer();
        }
    }

    @Override
    public void sendError(int status) throws IOException {
        if (settle()) {
            requestContext.awaitDispatch();
            super.sendError(status);
        }
    }

    @Override
    public void sendError(int status, String message) throws IOException {
        if (settle()) {
            requestContext.awaitDispatch();
            super.sendError(status, message);
        }
    }

    @Override
    public void sendRedirect(String location) throws IOException {
        if (settle()) {
            super.sendRedirect(location);
        }
    }

    /** Servlet 6.1. */
    public void sendRedirect(String location, int status) throws IOException {
        sendRedirect(location, status, true);
    }

    /** Servlet 6.1. */
    public void sendRedirect(String location, boolean clearBuffer) throws IOException {
        sendRedirect(location, SC_FOUND, clearBuffer);
    }

    /** Servlet 6.1. */
    public void sendRedirect(String location, int status, boolean clearBuffer) throws IOException {
        if (REDIRECT == null) {
            throw new IllegalStateException("this container has no such redirect");
        }
        if (settle()) {
            try {
                REDIRECT.invoke((HttpServletResponse) getResponse(), location, status, clearBuffer);
            } catch (IOException | RuntimeException | Error e) {
                throw e;
            } catch (Throwable e) {
                throw new IOException(e);
            }
        }
    }

    /** Our ids travel in cookies alone. */
    @Override
    public String encodeURL(String url) {
        return url;
    }

    @Override
    public String encodeRedirectURL(String url) {
        return url;
    }

    @Override
    public void reset() {
        if (!dropping) {
            super.reset();
            settled = false;
            written = 0;
            contentLength = -1;
            requestContext.onReset();
            stream = null;
            writer = null;
        }
    }

    @Override
    public void resetBuffer() {
        if (!dropping) {
            super.resetBuffer();
            written = 0;
        }
    }

    @Override
    public void setContentLength(int length) {
        contentLength = length;
        super.setContentLength(length);
    }

    @Override
    public void setContentLengthLong(long length) {
        contentLength = length;
        super.setContentLengthLong(length);
    }

    @Override
    public void setHeader(String name, String value) {
        noteLength(name, value);
        super.setHeader(name, value);
        requestContext.cookies().fieldWasSet(name, answer);
    }

    @Override
    public void addHeader(String name, String value) {
        noteLength(name, value);
        super.addHeader(name, value);
        requestContext.cookies().fieldWasSet(name, answer);
    }

    @Override
    public void setIntHeader(String name, int value) {
        noteLength(name, Integer.toString(value));
        super.setIntHeader(name, value);
    }

    @Override
    public void addIntHeader(String name, int value) {
        noteLength(name, Integer.toString(value));
        super.addIntHeader(name, value);
    }

    private void noteLength(String name, @Nullable String value) {
        if (value != null && name.equalsIgnoreCase("Content-Length")) {
            try {
                contentLength = Long.parseLong(value.strip());
            } catch (NumberFormatException e) {
                contentLength = -1; // the container will say what it thinks of it
            }
        }
    }

    private static @Nullable MethodHandle redirect() {
        try {
            return MethodHandles.publicLookup()
                    .findVirtual(
                            HttpServletResponse.class,
                            "sendRedirect",
                            MethodType.methodType(void.class, String.class, int.class, boolean.class));
        } catch (ReflectiveOperationException e) {
            return null;
        }
    }
}
