package io.gatehouse.ratelimit;

import org.jspecify.annotations.Nullable;

/** The part of a {@link LoginEngine} that applications may use. Thread-safe. */
public final class DefaultLoginGuard implements LoginGuard {
    private final LoginEngine engine;
    private final ClientAddresses addresses;

    public DefaultLoginGuard(LoginEngine engine, ClientAddresses addresses) {
        this.engine = engine;
        this.addresses = addresses;
    }

    @Override
    public LoginEntry begin(String account, @Nullable String address, @Nullable String deviceCookie) {
        return engine.enter(account, address == null ? null : addresses.parse(address), deviceCookie);
    }

    @Override
    public LoginStanding inspect(String account) {
        return engine.inspect(account);
    }

    @Override
    public long reset(String account) {
        return engine.reset(account);
    }

    @Override
    public void addListener(LoginObserver listener) {
        engine.addListener(listener);
    }
}
