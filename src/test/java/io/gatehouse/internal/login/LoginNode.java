package io.gatehouse.internal.login;

import io.gatehouse.internal.clientaddress.ClientAddress;
import io.gatehouse.internal.config.Config;
import io.gatehouse.internal.config.ConfigSource;
import io.gatehouse.internal.redis.Redis;
import io.gatehouse.login.LoginAttempt;
import io.gatehouse.login.LoginDecision;
import io.gatehouse.login.LoginDecision.Allowed;
import io.gatehouse.login.LoginDecision.Denied;
import io.gatehouse.login.LoginListener;
import io.gatehouse.testing.Keys;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One node of a cluster, reduced to login protection; several nodes share one Redis. The signing keys are constant, and so are the hashes. */
public final class LoginNode {
    static final String KEY = "n1:9WtmWMeyCJcHP1-XlOfN5rNnXpvOeV5xV4WrFLgPYQk";

    public final LoginEngine guard;

    public LoginNode(Redis redis) {
        this(redis, Map.of(), InstantSource.system(), LoginListener.NONE);
    }

    LoginNode(Redis redis, Map<String, String> settings, InstantSource clock, LoginListener observer) {
        this.guard =
                new LoginEngine(settings(settings), "gatehouse", "app", Keys.ring(KEY), redis, clock, observer, null);
    }

    /** The settings of most tests; no attempt waits for a place. */
    static LoginSettings settings(Map<String, String> settings) {
        Map<String, String> all = new HashMap<>(Map.of("GATEHOUSE_LOGIN_PLACE_WAIT", "0"));
        all.putAll(settings);
        Config config = new Config(List.of(ConfigSource.of("test", all)));
        LoginSettings read = LoginSettings.from(config);
        config.throwIfBroken();
        return read;
    }

    /** Returns an address in a separate network. */
    static ClientAddress address(int number) {
        return ClientAddress.parse("10." + (number >> 8 & 255) + '.' + (number & 255) + ".1");
    }

    LoginDecision begin(String account, int address, @Nullable String cookie) {
        return guard.begin(account, address(address), cookie);
    }

    /** Starts an attempt that must be allowed. */
    LoginAttempt pass(String account, int address, @Nullable String cookie) {
        LoginDecision entry = begin(account, address, cookie);
        if (entry instanceof Allowed allowed) {
            return allowed.attempt();
        }
        throw new AssertionError(entry);
    }

    /** Tries a wrong password; returns whether the password was checked. */
    boolean guess(String account, int address, @Nullable String cookie) {
        LoginDecision entry = begin(account, address, cookie);
        if (entry instanceof Allowed allowed) {
            allowed.attempt().failed();
        }
        return entry instanceof Allowed;
    }

    /** Guesses until an attempt is refused; returns how many passwords were checked. */
    int guessAll(String account, int address, @Nullable String cookie) {
        int looked = 0;
        while (guess(account, address, cookie)) {
            looked++;
        }
        return looked;
    }

    /** Logs in with the right password; returns the new device cookie of the browser. */
    String logIn(String account, int address, @Nullable String cookie) {
        String fresh = pass(account, address, cookie).succeeded();
        String now = fresh == null ? cookie : fresh;
        if (now == null) {
            throw new AssertionError("no device cookie");
        }
        return now;
    }

    Denied refused(String account, int address, @Nullable String cookie) {
        LoginDecision entry = begin(account, address, cookie);
        if (entry instanceof Denied refused) {
            return refused;
        }
        throw new AssertionError(entry);
    }

    /** A clock that is moved by hand. */
    static InstantSource at(long seconds) {
        return () -> Instant.ofEpochSecond(seconds);
    }
}
