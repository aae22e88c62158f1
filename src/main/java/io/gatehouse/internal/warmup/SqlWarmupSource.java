package io.gatehouse.internal.warmup;

import io.gatehouse.warmup.WarmupSource;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Types;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.naming.InitialContext;
import javax.naming.NamingException;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Entries out of a database. A statement with one {@code ?} is asked for each key, and has no keys of its own; one without gives
 * all rows, whose first column is the key. The value of an entry is the row: a map from the columns' labels to plain values.
 * Safe for use by several threads.
 */
public final class SqlWarmupSource implements WarmupSource {
    private static final String JNDI = "java:";
    private static final int QUERY_SECONDS = 30;
    private static final int FETCH_SIZE = 500;

    private final String scope;
    private final Place place;
    private final String sql;
    private final boolean byKey;
    private final int maxRows;

    /** Where the data source is looked for, each time: a server may put another in its place. */
    @FunctionalInterface
    private interface Place {
        DataSource find();
    }

    /** Entries out of a data source that is at hand. */
    public SqlWarmupSource(String scope, DataSource dataSource, String sql, int maxRows) {
        this(scope, sql, maxRows, () -> dataSource);
    }

    private SqlWarmupSource(String scope, String sql, int maxRows, Place place) {
        if (sql.isEmpty()) {
            throw new IllegalArgumentException("a source of " + scope + " without a statement");
        }
        this.scope = scope;
        this.sql = SqlStatement.checked(sql);
        this.byKey = SqlStatement.parameters(sql) == 1;
        this.maxRows = maxRows;
        this.place = place;
    }

    /** Entries out of a data source of the server. Threads that use it need the naming context of the application. */
    public static SqlWarmupSource named(String scope, String jndiName, String sql, int maxRows) {
        String name = checkedName(jndiName);
        return new SqlWarmupSource(scope, sql, maxRows, () -> lookUp(name));
    }

    /** Only local names: others make the JDK ask strangers for objects. */
    static String checkedName(String name) {
        if (!name.startsWith(JNDI)) {
            throw new IllegalArgumentException("a JNDI name that starts with " + JNDI);
        }
        return name;
    }

    @SuppressWarnings("BanJNDI") // an operator's name, and a local one
    private static DataSource lookUp(String name) {
        try {
            if (new InitialContext().lookup(name) instanceof DataSource found) {
                return found;
            }
            throw new WarmupException("what is at " + name + " is no data source", null);
        } catch (NamingException e) {
            throw new WarmupException(
                    "no data source at " + name + " (" + e.getClass().getSimpleName() + ")", e);
        }
    }

    @Override
    public String scope() {
        return scope;
    }

    /** None if each key has to be asked for: then those that are used most are warmed. */
    @Override
    public Stream<String> keys() {
        return byKey ? Stream.empty() : allRows().keySet().stream();
    }

    @Override
    public @Nullable Object load(String key) {
        return byKey ? rowsOf(List.of(key)).get(key) : allRows().get(key);
    }

    @Override
    public Map<String, Object> loadAll(Collection<String> keys) {
        if (byKey) {
            return rowsOf(keys);
        }
        Map<String, Object> rows = allRows();
        rows.keySet().retainAll(keys);
        return rows;
    }

    @Override
    public @Nullable Map<String, Object> everything() {
        return byKey ? null : allRows();
    }

    private Map<String, Object> allRows() {
        return ask(statement -> {
            statement.setMaxRows(maxRows);
            Map<String, Object> found = new LinkedHashMap<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (found.size() < maxRows && rows.next()) {
                    String key = rows.getString(1);
                    if (key != null) {
                        found.putIfAbsent(key, row(rows));
                    }
                }
            }
            return found;
        });
    }

    private Map<String, Object> rowsOf(Collection<String> keys) {
        return ask(statement -> {
            statement.setMaxRows(1);
            int type = keyType(statement);
            Map<String, Object> found = new LinkedHashMap<>();
            for (String key : keys) {
                if (type == Types.VARCHAR) {
                    statement.setString(1, key);
                } else {
                    statement.setObject(1, key, type);
                }
                try (ResultSet rows = statement.executeQuery()) {
                    if (rows.next()) {
                        found.put(key, row(rows));
                    }
                }
            }
            return found;
        });
    }

    /** What the database wants to compare with: PostgreSQL takes no text for a number. Text where the driver cannot say. */
    private static int keyType(PreparedStatement statement) {
        try {
            return statement.getParameterMetaData().getParameterType(1);
        } catch (SQLException e) {
            return Types.VARCHAR;
        }
    }

    private static Map<String, @Nullable Object> row(ResultSet rows) throws SQLException {
        ResultSetMetaData columns = rows.getMetaData();
        Map<String, @Nullable Object> row = new LinkedHashMap<>();
        for (int column = 1; column <= columns.getColumnCount(); column++) {
            row.put(columns.getColumnLabel(column), SqlColumns.plain(rows.getObject(column)));
        }
        return row;
    }

    @FunctionalInterface
    private interface Work {
        Map<String, Object> with(PreparedStatement statement) throws SQLException;
    }

    private Map<String, Object> ask(Work work) {
        try (Connection connection = place.find().getConnection()) {
            boolean before = connection.isReadOnly();
            connection.setReadOnly(true);
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                statement.setQueryTimeout(QUERY_SECONDS);
                statement.setFetchSize(Math.min(FETCH_SIZE, maxRows));
                return work.with(statement);
            } finally {
                leave(connection, before);
            }
        } catch (SQLException e) {
            // without the driver's message: it may quote rows and keys
            throw new WarmupException(
                    "the database did not give " + scope + " (SQL state " + e.getSQLState() + ", code "
                            + e.getErrorCode() + ")",
                    e);
        }
    }

    /** As it was found, because a pool hands it to others: no transaction is left open. */
    private static void leave(Connection connection, boolean readOnly) throws SQLException {
        if (!connection.getAutoCommit()) {
            connection.rollback();
        }
        connection.setReadOnly(readOnly);
    }
}
