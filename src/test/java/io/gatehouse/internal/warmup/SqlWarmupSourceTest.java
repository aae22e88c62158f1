package io.gatehouse.internal.warmup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.h2.jdbcx.JdbcConnectionPool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SqlWarmupSourceTest {
    private final JdbcConnectionPool database = JdbcConnectionPool.create("jdbc:h2:mem:warm", "sa", "");

    @BeforeEach
    void fill() throws SQLException {
        run(
                "create table users (id int primary key, name varchar(20), mail varchar(40), since timestamp with time zone,"
                        + " born date, paid decimal(8, 2), active boolean, note clob)");
        run(
                "insert into users values (1, 'Ann', null, timestamp with time zone '2026-11-23 10:00:00Z', date '2000-02-29',"
                        + " 12.50, true, 'a note')");
        run("insert into users (id, name) values (2, 'Bob'), (3, 'Cid')");
    }

    @AfterEach
    void dropTables() throws SQLException {
        assertThat(database.getActiveConnections()).isZero();
        run("shutdown");
        database.dispose();
    }

    private void run(String sql) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private SqlWarmupSource source(String sql) {
        return new SqlWarmupSource("user", database, sql, 10);
    }

    @Test
    void convertsARowToAMapOfPlainValues() {
        SqlWarmupSource users =
                source("select id, name, mail, since, born, paid, active, note from users where id = ?");
        Map<String, Object> expected = new java.util.LinkedHashMap<>();
        expected.put("ID", 1);
        expected.put("NAME", "Ann");
        expected.put("MAIL", null);
        expected.put("SINCE", Instant.parse("2026-11-23T10:00:00Z"));
        expected.put("BORN", "2000-02-29");
        expected.put("PAID", new BigDecimal("12.50"));
        expected.put("ACTIVE", true);
        expected.put("NOTE", "a note");
        assertThat(users.load("1")).isEqualTo(expected);
    }

    @Test
    void aStatementWithAParameterIsExecutedForEachKey() {
        SqlWarmupSource users = source("select id, name as \"n\" from users where id = ? -- why?");
        assertThat(users.keys()).isEmpty();
        assertThat(users.loadEverything()).isNull();
        assertThat(users.load("9")).isNull();
        assertThat(users.loadAll(List.of("3", "9", "1")))
                .isEqualTo(Map.of("3", Map.of("ID", 3, "n", "Cid"), "1", Map.of("ID", 1, "n", "Ann")));
    }

    @Test
    void aStatementWithoutAParameterReturnsAllRows() {
        SqlWarmupSource users = source("select name, id from users where name <> '?' order by id");
        assertThat(users.keys()).containsExactly("Ann", "Bob", "Cid");
        assertThat(users.loadEverything()).containsOnlyKeys("Ann", "Bob", "Cid");
        assertThat(users.load("Bob")).isEqualTo(Map.of("NAME", "Bob", "ID", 2));
        assertThat(users.loadAll(List.of("Cid", "Dan"))).containsOnlyKeys("Cid");
    }

    @Test
    void returnsNoMoreRowsThanConfigured() {
        SqlWarmupSource users = new SqlWarmupSource("user", database, "select id from users order by id", 2);
        assertThat(users.loadEverything()).containsOnlyKeys("1", "2");
    }

    @Test
    void aDatabaseErrorIsReportedWithoutTheMessageOfTheDriver() {
        SqlWarmupSource users = source("select id from users where id = ?");
        assertThatThrownBy(() -> users.load("secret-key"))
                .isInstanceOf(WarmupException.class)
                .hasMessageContaining("SQL state 22018")
                .hasMessageNotContaining("secret-key");
        assertThat(users.load("1")).isNotNull();
    }

    @Test
    void returnsConnectionsToThePoolInTheirOriginalState() throws SQLException {
        source("select id from users").loadEverything();
        run("update users set name = 'Eve' where id = 3"); // fails on a connection that is still read-only
    }

    @Test
    void rejectsJndiNamesThatAreNotLocal() {
        for (String name : List.of("ldap://evil.example/x", "rmi://evil.example/x", "jdbc/main", "")) {
            assertThatIllegalArgumentException()
                    .as(name)
                    .isThrownBy(() -> SqlWarmupSource.named("user", name, "select 1", 10))
                    .withMessageContaining("java:");
        }
    }

    @Test
    void anUnboundJndiNameFailsWhenItIsUsed() {
        SqlWarmupSource users = SqlWarmupSource.named("user", "java:comp/none", "select 1", 10);
        assertThatThrownBy(users::loadEverything)
                .isInstanceOf(WarmupException.class)
                .hasMessageContaining("No data source at java:comp/none");
    }

    @Test
    void acceptsOneSelectWithAtMostOneParameter() {
        for (String sql : List.of("delete from users", "select 1; drop table users", "select ? from t where id = ?")) {
            assertThatIllegalArgumentException().as(sql).isThrownBy(() -> source(sql));
        }
        assertThat(io.gatehouse.internal.warmup.SqlStatement.parameters(
                        "select '?', \"?\", '''?' /* ? */ from t where a = ?"))
                .isEqualTo(1);
    }
}
