package io.gatehouse.internal.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.internal.redis.connect.RedisConnections;
import io.gatehouse.internal.session.token.SessionToken;
import io.gatehouse.internal.session.token.TokenCodec;
import io.gatehouse.internal.session.token.VerifiedToken;
import io.gatehouse.testing.App;
import io.gatehouse.testing.Connections;
import io.gatehouse.testing.CountingProxy;
import io.gatehouse.testing.Keys;
import io.gatehouse.testing.RedisTest;
import io.gatehouse.testing.TestRedis;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.RedisClient;

/** A revocation covers all sessions of a user, even if the index of the user is damaged. */
@RedisTest(args = {"--maxmemory-policy", "noeviction"})
class SignOutTest {
    private static final String OLD_KEY = "old:" + App.randomKey();
    private static final String NEW_KEY = "new:" + App.randomKey();
    private static TestRedis redis;
    private static CountingProxy proxy;
    private static RedisConnections connections;

    private Node node;

    @BeforeAll
    static void start(TestRedis server) {
        redis = server;
        proxy = new CountingProxy(redis.port());
        connections = Connections.to(proxy.url());
    }

    @AfterAll
    static void stop() {
        connections.close();
        proxy.close();
    }

    @BeforeEach
    void empty() {
        node = new Node(connections);
    }

    private static Node withKeys(String keys) {
        return new Node(connections, Node.settings(false), SessionObserver.NONE, keys);
    }

    /** Stores a session of alice that her index lacks, and returns its token. */
    private String lost() {
        String token = node.stored(Session.USER_ATTRIBUTE, "alice");
        deleteIndex();
        return token;
    }

    private static void deleteIndex() {
        try (RedisClient client = redis.client()) {
            redis.keys().stream().filter(key -> key.endsWith(":u")).forEach(client::del);
        }
    }

    private static String list() {
        return redis.keys().stream()
                .filter(key -> key.endsWith(":n"))
                .findFirst()
                .orElseThrow();
    }

    private static @Nullable String userTag(Node node, String token) {
        return node.sessions.verify(List.of(token)) instanceof TokenVerification.Verified verified
                ? verified.ticket().userTag()
                : null;
    }

    @Test
    void aRevocationLivesAsLongAsAnySession() {
        node.manager.terminateUserSessions("alice", null);
        try (RedisClient client = redis.client()) {
            Duration longest = Duration.ofDays(30).plusHours(1);
            assertThat(client.pttl(list())).isBetween(longest.minusMinutes(1).toMillis(), longest.toMillis());
        }
        Map<String, String> unbounded = Map.of("GATEHOUSE_SESSION_ABSOLUTE_TIMEOUT", "0");
        assertThat(Node.settings(false, unbounded).lifetimes().longest()).isEqualTo(Duration.ofDays(400));
    }

    @Test
    void aRejectedTokenExtendsTheRevocation() {
        String token = lost();
        node.manager.terminateUserSessions("alice", null);
        try (RedisClient client = redis.client()) {
            client.pexpire(list(), 60_000);
            assertThat(node.open(token)).isNull();
            assertThat(client.pttl(list())).isGreaterThan(Duration.ofDays(30).toMillis());
        }
    }

    @Test
    void aLoginAfterARevocationIsAcceptedInAnOldSession() {
        String token = node.stored("a", 1);
        node.manager.terminateUserSessions("alice", null);
        Session session = node.mustOpen(token);
        session.setAttribute(Session.USER_ATTRIBUTE, "alice");
        session.changeId();
        node.sessions.save(session);
        node.sessions.release(session);
        assertThat(node.get(node.sessions.token(session), "a")).isEqualTo(1);
    }

    @Test
    void aLoginIssuesATokenWithTheUserTagWithoutANewId() {
        String token = node.stored("a", 1);
        node.set(token, Session.USER_ATTRIBUTE, "alice");
        Session session = node.mustOpen(token);
        String named = node.sessions.token(session);
        node.sessions.release(session);
        assertThat(userTag(node, token)).isNull();
        assertThat(userTag(node, named)).isNotNull();
        assertThat(node.get(named, "a")).isEqualTo(1);
    }

    @Test
    void aRevocationRemovesOnlyExpiredLogins() {
        node.manager.terminateUserSessions("alice", null);
        String token = node.stored(Session.USER_ATTRIBUTE, "alice");
        try (RedisClient client = redis.client()) {
            client.zadd(list(), 1, "k.over");
            node.set(token, Session.REMEMBER_ATTRIBUTE, true);
            assertThat(client.zrange(list(), 0, -1)).hasSize(2).doesNotContain("k.over");
            double ends = client.zrangeWithScores(list(), 0, 0).get(0).getScore();
            assertThat((long) ends)
                    .isGreaterThan(
                            System.currentTimeMillis() + Duration.ofDays(29).toMillis());
        }
        assertThat(node.open(token)).isNotNull();
    }

    @Test
    void aRevokedSessionIsNotAcceptedAgainAsTheExceptedOne() {
        String token = lost();
        Session here = node.mustOpen(token);
        node.manager.terminateUserSessions("alice", null);
        node.manager.terminateUserSessions("alice", here.handle());
        node.sessions.release(here);
        assertThat(node.open(token)).isNull();
    }

    @Test
    void aSaveDoesNotRestoreARevokedSession() {
        String token = lost();
        Session here = node.mustOpen(token);
        node.manager.terminateUserSessions("alice", null);
        here.setAttribute(Session.REMEMBER_ATTRIBUTE, true);
        node.sessions.save(here);
        node.sessions.release(here);
        assertThat(node.open(token)).isNull();
        assertThat(node.open(node.sessions.token(here))).isNull();
    }

    @Test
    void aRevokedSessionIsNotOpenedOutsideOfRequests() {
        Session here = node.mustOpen(lost());
        VerifiedToken ticket = node.sessions.ticket(here);
        node.sessions.release(here);
        Session again = node.sessions.findByToken(ticket, null);
        assertThat(again).isNotNull();
        node.sessions.release(again);
        node.manager.terminateUserSessions("alice", null);
        assertThat(node.sessions.findByToken(ticket, null)).isNull();
    }

    @Test
    void neitherTouchNorDetailsFindARevokedSession() {
        String token = lost();
        Session here = node.mustOpen(token);
        node.sessions.release(here);
        assertThat(node.manager.touch(here.handle())).isTrue();
        assertThat(node.manager.getSession(here.handle())).isNotNull();
        node.manager.terminateUserSessions("alice", null);
        assertThat(node.manager.touch(here.handle())).isFalse();
        assertThat(node.manager.getSession(here.handle())).isNull();
    }

    @Test
    void aRevocationRejectsTokensWithoutAUserTag() {
        String token = lost();
        String old = withoutUser(token);
        proxy.takeRoundTrips();
        Session session = node.mustOpen(old);
        assertThat(proxy.takeRoundTrips())
                .as("the token does not name the user")
                .isEqualTo(2);
        assertThat(node.sessions.token(session)).isEqualTo(token);
        node.sessions.release(session);
        node.sessions.release(node.mustOpen(token));
        assertThat(proxy.takeRoundTrips()).isEqualTo(1);
        node.manager.terminateUserSessions("alice", null);
        assertThat(node.open(old)).isNull();
    }

    /** Returns a token of version 1. */
    private static String withoutUser(String token) {
        TokenCodec tokenCodec = new TokenCodec(Keys.ring(Node.KEYS), "app", InstantSource.system());
        SessionToken read = ((TokenCodec.Genuine) tokenCodec.read(token)).token();
        return tokenCodec.write(new SessionToken(read.kid(), read.id(), read.epoch(), read.expiresAt(), null));
    }

    @Test
    void aRevocationWorksWhileRedisIsOutOfMemory() {
        String token = lost();
        Session here = node.mustOpen(token);
        node.sessions.release(here);
        String stays = node.stored(Session.USER_ATTRIBUTE, "alice");
        Session kept = node.mustOpen(stays);
        node.sessions.release(kept);
        try (RedisClient client = redis.client()) {
            client.configSet("maxmemory", "1");
            node.manager.terminateUserSessions("alice", kept.handle());
            assertThat(node.open(token)).isNull();
            assertThat(node.open(stays)).isNotNull();
            client.configSet("maxmemory", "0");
        }
    }

    @Test
    void aDamagedRevocationRejectsAllSessionsAndIsRecreated() {
        node.manager.terminateUserSessions("alice", null);
        String token = node.stored(Session.USER_ATTRIBUTE, "alice");
        try (RedisClient client = redis.client()) {
            client.set(list(), "no list");
        }
        assertThat(node.open(token)).isNull();
        node.manager.terminateUserSessions("alice", null);
        assertThat(node.open(node.stored(Session.USER_ATTRIBUTE, "alice"))).isNotNull();
    }

    @Test
    void aRevocationCoversSessionsUnderEverySigningKey() {
        String old = withKeys(OLD_KEY).stored(Session.USER_ATTRIBUTE, "alice");
        Node rotating = withKeys(NEW_KEY + "," + OLD_KEY);
        String fresh = rotating.stored(Session.USER_ATTRIBUTE, "alice");
        deleteIndex();
        Session stays = rotating.mustOpen(old);
        rotating.sessions.release(stays);
        rotating.manager.terminateUserSessions("alice", stays.handle());
        assertThat(rotating.open(fresh)).isNull();
        assertThat(rotating.open(old)).isNotNull();
        rotating.manager.terminateUserSessions("alice", null);
        assertThat(rotating.open(old)).isNull();
    }

    @Test
    void theUserTagOfATokenIsDerivedWithTheSigningKeyOfItsSession() {
        Node before = withKeys(OLD_KEY);
        String one = before.stored(Session.USER_ATTRIBUTE, "alice");
        String two = before.stored(Session.USER_ATTRIBUTE, "alice");
        String bobs = before.stored(Session.USER_ATTRIBUTE, "bob");
        assertThat(userTag(before, one)).isNotNull().isEqualTo(userTag(before, two));
        assertThat(userTag(before, bobs)).isNotNull().isNotEqualTo(userTag(before, one));
        assertThat(userTag(before, before.stored("a", 1))).isNull();
        assertThat(one).doesNotContain("alice");

        Node rotating = withKeys(NEW_KEY + "," + OLD_KEY);
        assertThat(userTag(rotating, one)).isEqualTo(userTag(before, one));
        Session session = rotating.mustOpen(one);
        session.changeId();
        rotating.sessions.save(session);
        assertThat(userTag(rotating, rotating.sessions.token(session))).isEqualTo(userTag(before, one));
        assertThat(userTag(rotating, rotating.stored(Session.USER_ATTRIBUTE, "alice")))
                .as("the tag depends on the key")
                .isNotEqualTo(userTag(before, one));
    }
}
