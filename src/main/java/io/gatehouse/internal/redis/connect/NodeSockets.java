package io.gatehouse.internal.redis.connect;

import java.io.IOException;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import redis.clients.jedis.DefaultJedisSocketFactory;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.exceptions.JedisConnectionException;

/**
 * The sockets to one node. {@link #close} closes all of them, including those of connections that are still being set up, so
 * that a thread waiting for the node continues with an exception: an interrupt does not end a read. Thread-safe.
 */
final class NodeSockets extends DefaultJedisSocketFactory implements AutoCloseable {
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    NodeSockets(HostAndPort node, JedisClientConfig config) {
        super(node, config);
    }

    @Override
    public Socket createSocket() {
        open.removeIf(Socket::isClosed);
        requireOpen();
        Socket socket = super.createSocket();
        open.add(socket);
        try {
            requireOpen();
        } catch (JedisConnectionException e) {
            close(socket);
            throw e;
        }
        return socket;
    }

    private void requireOpen() {
        if (closed) {
            throw new JedisConnectionException("the connections to Redis are closed");
        }
    }

    @Override
    public void close() {
        closed = true;
        open.forEach(NodeSockets::close);
        open.clear();
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // the socket is closed in any case
        }
    }
}
