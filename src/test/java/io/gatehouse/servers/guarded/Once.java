package io.gatehouse.servers.guarded;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.security.enterprise.authentication.mechanism.http.AutoApplySession;

/** Authenticates once by the header, after which the server remembers the user. */
@AutoApplySession
@ApplicationScoped
public class Once extends ByHeader {}
