package io.gatehouse.servers.app;

import io.gatehouse.Gatehouse;
import io.gatehouse.session.SessionDetails;
import io.gatehouse.session.SessionManager;
import jakarta.servlet.http.HttpSession;
import jakarta.websocket.HandshakeResponse;
import jakarta.websocket.OnMessage;
import jakarta.websocket.Session;
import jakarta.websocket.server.HandshakeRequest;
import jakarta.websocket.server.ServerEndpoint;
import jakarta.websocket.server.ServerEndpointConfig;
import java.util.Objects;

/** A WebSocket endpoint that reports what its handshake saw of the session, and uses the session on request. */
@ServerEndpoint(value = "/chat", configurator = Chat.Handshake.class)
public class Chat {
    private static final String NOTES = "notes";

    private record Notes(String id, String count, SessionManager sessions) {}

    /** Stores what the endpoint needs later, because the session object belongs to the request. */
    public static class Handshake extends ServerEndpointConfig.Configurator {
        @Override
        public void modifyHandshake(ServerEndpointConfig config, HandshakeRequest request, HandshakeResponse response) {
            HttpSession session = (HttpSession) request.getHttpSession();
            Gatehouse gatehouse = Gatehouse.of(session.getServletContext()).orElseThrow();
            String count = String.valueOf(session.getAttribute("count"));
            config.getUserProperties().put(NOTES, new Notes(session.getId(), count, gatehouse.sessionManager()));
        }
    }

    @OnMessage
    public String answer(String question, Session socket) {
        Notes notes = (Notes) Objects.requireNonNull(socket.getUserProperties().get(NOTES));
        String handle = notes.id().substring(0, notes.id().lastIndexOf('.'));
        return switch (question) {
            case "id" -> notes.id();
            case "count" -> notes.count();
            case "touch" -> "" + notes.sessions().touch(handle);
            case "last use" -> lastUse(Objects.requireNonNull(notes.sessions().getSession(handle)));
            default -> throw new IllegalArgumentException(question);
        };
    }

    private static String lastUse(SessionDetails details) {
        return "" + details.info().lastAccessedAt().toEpochMilli();
    }
}
