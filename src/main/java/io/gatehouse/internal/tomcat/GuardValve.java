package io.gatehouse.internal.tomcat;

import io.gatehouse.internal.web.ContainerRequests;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.ServletException;
import java.io.IOException;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.apache.tomcat.util.descriptor.web.LoginConfig;

/** The valve in front of the authenticator: has Gatehouse guard each request, and notes for the manager which request the thread serves. */
final class GuardValve extends ValveBase {
    private final SharedSessionManager manager;
    private volatile boolean prepared;

    GuardValve(SharedSessionManager manager) {
        super(true);
        this.manager = manager;
    }

    @Override
    public void invoke(Request request, Response response) throws IOException, ServletException {
        ContainerRequests requests = manager.requests();
        if (requests == null) {
            getNext().invoke(request, response);
            return;
        }
        prepare(requests);
        CurrentRequest.bind(request);
        try {
            if (request.getDispatcherType() == DispatcherType.REQUEST) {
                requests.guard(request.getRequest(), response.getResponse(), (raw, answer) -> {
                    RequestBridge.identify(request, requests);
                    getNext().invoke(request, response);
                });
            } else {
                getNext().invoke(request, response);
            }
        } finally {
            CurrentRequest.unbind();
        }
    }

    private void prepare(ContainerRequests requests) {
        if (prepared) {
            return;
        }
        LoginConfig login = manager.getContext().getLoginConfig();
        String method = login == null ? "" : String.valueOf(login.getAuthMethod());
        if (method.equalsIgnoreCase("BASIC") || method.equalsIgnoreCase("DIGEST")) {
            requests.countHeaderLogins();
        }
        prepared = true;
    }
}
