package io.gatehouse.wars;

import java.io.IOException;
import java.io.Serializable;
import java.security.Principal;
import java.util.Map;
import java.util.Objects;
import javax.security.auth.Subject;
import javax.security.auth.callback.Callback;
import javax.security.auth.callback.CallbackHandler;
import javax.security.auth.callback.NameCallback;
import javax.security.auth.callback.PasswordCallback;
import javax.security.auth.callback.UnsupportedCallbackException;
import javax.security.auth.login.FailedLoginException;
import javax.security.auth.login.LoginException;
import javax.security.auth.spi.LoginModule;
import org.jspecify.annotations.Nullable;

/** A login module of JAAS that knows one user, who is an administrator. Its class is copied to the servers. */
public final class OneUserLoginModule implements LoginModule {
    private @Nullable Subject subject;
    private @Nullable CallbackHandler handler;
    private Map<String, ?> options = Map.of();

    /** The name of a user or a role. */
    public record Known(String name) implements Principal, Serializable {
        @Override
        public String getName() {
            return name;
        }
    }

    @Override
    public void initialize(
            Subject toFill, CallbackHandler callbackHandler, Map<String, ?> sharedState, Map<String, ?> configured) {
        subject = toFill;
        handler = callbackHandler;
        options = configured;
    }

    @Override
    public boolean login() throws LoginException {
        NameCallback name = new NameCallback("name");
        PasswordCallback password = new PasswordCallback("password", false);
        try {
            Objects.requireNonNull(handler).handle(new Callback[] {name, password});
        } catch (IOException | UnsupportedCallbackException e) {
            throw new LoginException(e.toString());
        }
        if (!"ada".equals(name.getName())
                || !String.valueOf(options.get("password")).equals(String.valueOf(password.getPassword()))) {
            throw new FailedLoginException("unknown user, or wrong password");
        }
        return true;
    }

    @Override
    public boolean commit() {
        Objects.requireNonNull(subject).getPrincipals().add(new Known("ada"));
        Objects.requireNonNull(subject).getPrincipals().add(new Known("admin"));
        return true;
    }

    @Override
    public boolean abort() {
        return true;
    }

    @Override
    public boolean logout() {
        return true;
    }
}
