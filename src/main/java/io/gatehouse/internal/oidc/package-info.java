/**
 * Logout by the OpenID provider: the endpoints of OpenID Connect Back-Channel and Front-Channel Logout, and the verification of logout
 * tokens. The only package that uses the JOSE library.
 */
@NullMarked
package io.gatehouse.internal.oidc;

import org.jspecify.annotations.NullMarked;
