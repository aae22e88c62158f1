package io.gatehouse.servers.logins;

import io.gatehouse.internal.session.Session;
import jakarta.servlet.ServletException;
import jakarta.servlet.annotation.MultipartConfig;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Responds with the body it reads, and logs the user in if the password is correct. */
@WebServlet({"/parameters/*", "/stream", "/reader"})
public class LoginServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;

    /** The same servlet for multipart forms, which the server parses. */
    @WebServlet("/multipart")
    @MultipartConfig
    public static class OfParts extends LoginServlet {
        private static final long serialVersionUID = 1L;
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response)
            throws IOException, ServletException {
        String read = switch (request.getServletPath()) {
            case "/stream" -> new String(request.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            case "/reader" -> request.getReader().readLine();
            case "/multipart" ->
                new String(request.getPart("user").getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                        + request.getParts().size();
            default -> {
                if ("right".equals(request.getParameter("password"))) {
                    request.getSession().setAttribute(Session.USER_ATTRIBUTE, request.getParameter("user"));
                }
                yield request.getParameter("user") + request.getParameterMap().size();
            }
        };
        response.setContentType("text/plain;charset=UTF-8");
        response.getWriter().print(read);
    }
}
