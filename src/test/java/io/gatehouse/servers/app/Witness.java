package io.gatehouse.servers.app;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.annotation.WebFilter;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** The application's own filter, which remembers what kind of request reached it. */
@WebFilter(urlPatterns = "/*", asyncSupported = true)
public class Witness extends HttpFilter {
    static final String SAW = "witness";
    private static final long serialVersionUID = 1L;

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        request.setAttribute(SAW, request.getClass().getName());
        chain.doFilter(request, response);
    }
}
