package io.gatehouse.internal.login;

import io.gatehouse.internal.clientaddress.ClientAddressResolver;
import io.gatehouse.login.AccountStatus;
import io.gatehouse.login.LoginDecision;
import io.gatehouse.login.LoginGuard;
import io.gatehouse.login.LoginListener;
import org.jspecify.annotations.Nullable;

/** The {@link LoginGuard} of applications, backed by the {@link LoginEngine}. Thread-safe. */
public final class DefaultLoginGuard implements LoginGuard {
    private final LoginEngine engine;
    private final ClientAddressResolver addresses;

    public DefaultLoginGuard(LoginEngine engine, ClientAddressResolver addresses) {
        this.engine = engine;
        this.addresses = addresses;
    }

    @Override
    public LoginDecision begin(String account, @Nullable String address, @Nullable String deviceCookie) {
        return engine.begin(account, address == null ? null : addresses.parse(address), deviceCookie);
    }

    @Override
    public AccountStatus inspect(String account) {
        return engine.inspect(account);
    }

    @Override
    public long reset(String account) {
        return engine.reset(account);
    }

    @Override
    public void addListener(LoginListener listener) {
        engine.addListener(listener);
    }
}
