package io.gatehouse.servers.app;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.annotation.WebFilter;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** A filter of the application that stores the class of the request it receives. */
@WebFilter(urlPatterns = "/*", asyncSupported = true)
public class RequestTypeFilter extends HttpFilter {
    static final String ATTRIBUTE = "request-type";
    private static final long serialVersionUID = 1L;

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        request.setAttribute(ATTRIBUTE, request.getClass().getName());
        chain.doFilter(request, response);
    }
}
