/**
 * Login protection as applications use it: attempts, lockouts and the state of an account.
 */
@NullMarked
package io.gatehouse.login;

import org.jspecify.annotations.NullMarked;
