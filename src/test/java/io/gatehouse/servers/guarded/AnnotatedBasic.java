package io.gatehouse.servers.guarded;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.security.enterprise.authentication.mechanism.http.BasicAuthenticationMechanismDefinition;

/** Has Jakarta Security authenticate by BASIC; web.xml says nothing of it. */
@BasicAuthenticationMechanismDefinition(realmName = "members")
@ApplicationScoped
public class AnnotatedBasic {}
