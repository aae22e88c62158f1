package io.gatehouse.servers.guarded;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.security.enterprise.authentication.mechanism.http.AutoApplySession;

/** Asks once for the header, after which the server remembers who is there. */
@AutoApplySession
@ApplicationScoped
public class Once extends ByHeader {}
