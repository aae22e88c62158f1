package io.gatehouse.servers.guarded;

import jakarta.enterprise.context.ApplicationScoped;

/** Asks every request for the header. */
@ApplicationScoped
public class EachTime extends ByHeader {}
