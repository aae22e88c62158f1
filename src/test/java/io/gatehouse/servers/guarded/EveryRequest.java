package io.gatehouse.servers.guarded;

import jakarta.enterprise.context.ApplicationScoped;

/** Authenticates every request by the header. */
@ApplicationScoped
public class EveryRequest extends ByHeader {}
