/**
 * Login protection: failure histories per account and client, lockouts, device cookies, and the detection of credential
 * stuffing.
 */
@NullMarked
package io.gatehouse.internal.login;

import org.jspecify.annotations.NullMarked;
