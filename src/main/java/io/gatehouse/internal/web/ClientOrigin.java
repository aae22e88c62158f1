package io.gatehouse.internal.web;

import io.gatehouse.internal.clientaddress.ClientAddress;
import io.gatehouse.internal.clientaddress.ClientAddressResolver;
import io.gatehouse.internal.rules.RateLimitRequest;
import io.gatehouse.internal.session.store.SessionInfoFactory;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The client of one request: its address, as determined once by {@link ClientAddressResolver} from the connection and the headers of
 * trusted proxies, and its device. Thread-safe.
 */
final class ClientOrigin {
    /** Long enough for the names of browsers, which follow those of the engines that they are compatible with. */
    private static final int MAX_DEVICE_LENGTH = 200;

    private final ClientAddressResolver addresses;
    private final HttpServletRequest request;
    private @Nullable ClientAddress address;

    ClientOrigin(ClientAddressResolver addresses, HttpServletRequest request) {
        this.addresses = addresses;
        this.request = request;
    }

    /** Returns the address of the client. */
    synchronized ClientAddress address() {
        ClientAddress known = address;
        if (known == null) {
            known = addresses.of(request.getRemoteAddr(), this::headers);
            address = known;
        }
        return known;
    }

    private List<String> headers(String name) {
        return request.getHeader(name) == null ? List.of() : Collections.list(request.getHeaders(name));
    }

    /** Returns the address and the device, for lists of sessions. */
    Map<String, String> details() {
        Map<String, String> details = new HashMap<>();
        details.put(SessionInfoFactory.ADDRESS, address().toString());
        String device = request.getHeader("User-Agent");
        if (device != null) {
            details.put(SessionInfoFactory.DEVICE, device.substring(0, Math.min(device.length(), MAX_DEVICE_LENGTH)));
        }
        return details;
    }

    /** Returns the request as the rate limiter counts it. */
    RateLimitRequest limited(String path, @Nullable String userTag) {
        return new RateLimitRequest(
                request.getMethod(),
                path,
                address(),
                userTag,
                request::getHeader,
                request::isUserInRole,
                RateLimitRequest.Selection.ALL);
    }
}
