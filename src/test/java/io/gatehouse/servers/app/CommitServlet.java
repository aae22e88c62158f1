package io.gatehouse.servers.app;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Changes the session and commits the response in the way that the path names. */
@WebServlet(urlPatterns = "/commit/*", asyncSupported = true)
public class CommitServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;
    private static final int LARGE = 100_000;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String way = request.getPathInfo().substring(1);
        switch (way) {
            case "made" -> response.getWriter().print(request.getSession().getAttribute("made"));
            case "late" -> {
                response.flushBuffer();
                try {
                    request.getSession();
                } catch (IllegalStateException e) {
                    response.getWriter().print("too late");
                }
            }
            case "after" -> {
                request.getSession().setAttribute("made", "before");
                response.flushBuffer();
                request.getSession().setAttribute("made", way);
            }
            case "changed-redirect", "changed-error", "changed-flush", "changed-end" ->
                change(way.substring("changed-".length()), request, response);
            default -> {
                request.getSession().setAttribute("made", way);
                commit(way, request, response);
            }
        }
    }

    /** Changes the id of the session after the response has been committed, or appears to have been. */
    private static void change(String way, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        HttpSession session = request.getSession();
        commit(way, request, response);
        try {
            request.changeSessionId();
            session.setAttribute("made", "changed");
        } catch (IllegalStateException e) {
            session.setAttribute("made", "refused");
        }
    }

    private static void commit(String way, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        switch (way) {
            case "redirect" -> response.sendRedirect(request.getContextPath() + "/commit/made");
            case "error" -> response.sendError(418);
            case "errormessage" -> response.sendError(418, "teapot");
            case "flush" -> response.flushBuffer();
            case "streamflush" -> response.getOutputStream().flush();
            case "writerflush" -> response.getWriter().flush();
            case "streamclose" -> response.getOutputStream().close();
            case "writerclose" -> response.getWriter().close();
            case "streamoverflow" -> response.getOutputStream().write(new byte[LARGE]);
            case "streamprint" -> response.getOutputStream().print("x".repeat(LARGE));
            case "singlebytes" -> {
                for (int i = 0; i < LARGE; i++) {
                    response.getOutputStream().write('x');
                }
            }
            case "writeroverflow" -> response.getWriter().print("x".repeat(LARGE));
            case "writerunicode" -> {
                response.setContentType("text/plain;charset=UTF-8");
                response.getWriter().print("€".repeat(LARGE / 3 + 1));
            }
            case "length" -> {
                response.setContentLength(5);
                response.getOutputStream().write("hello".getBytes(StandardCharsets.US_ASCII));
            }
            case "lengthheader" -> {
                response.setHeader("content-length", "5");
                response.getWriter().print("hello");
            }
            case "nonblocking" -> writeWithoutBlocking(request, response);
            case "end" -> response.getWriter().print("short");
            case "reset" -> {
                response.getWriter().print("to be forgotten");
                response.reset();
                response.getWriter().print("kept");
            }
            case "nothing" -> {}
            default -> throw new IllegalArgumentException(way);
        }
    }

    private static void writeWithoutBlocking(HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        AsyncContext async = request.startAsync();
        ServletOutputStream out = response.getOutputStream();
        out.setWriteListener(new WriteListener() {
            private boolean done;

            @Override
            public void onWritePossible() throws IOException {
                while (out.isReady() && !done) {
                    out.write(new byte[LARGE / 5]);
                    done = true;
                }
                if (done) {
                    async.complete();
                }
            }

            @Override
            public void onError(Throwable thrown) {
                async.complete();
            }
        });
    }
}
