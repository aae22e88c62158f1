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
 * A source of entries from a database. A statement with one {@code ?} is executed for each key; the source has no keys of its own
 * then. A statement without {@code ?} returns all rows, with the key in the first column. The value of an entry is the row: a map
 * from column labels to plain values. Thread-safe.
 */
public final class SqlWarmupSource implements WarmupSource {
    private static final String JNDI = "java:";
    private static final int QUERY_SECONDS = 30;
    private static final int FETCH_SIZE = 500;

    private final String scope;
    private final DataSourceLocator locator;
    private final String sql;
    private final boolean byKey;
    private final int maxRows;

    /** Finds the data source for each use, because a server may replace it. */
    @FunctionalInterface
    private interface DataSourceLocator {
        DataSource find();
    }

    /** Creates a source for a data source. */
    public SqlWarmupSource(String scope, DataSource dataSource, String sql, int maxRows) {
        this(scope, sql, maxRows, () -> dataSource);
    }

    private SqlWarmupSource(String scope, String sql, int maxRows, DataSourceLocator locator) {
        if (sql.isEmpty()) {
            throw new IllegalArgumentException("The source of " + scope + " has no statement");
        }
        this.scope = scope;
        this.sql = SqlStatement.checked(sql);
        this.byKey = SqlStatement.parameters(sql) == 1;
        this.maxRows = maxRows;
        this.locator = locator;
    }

    /** Returns a source for a data source of the server. Threads that use it need the naming context of the application. */
    public static SqlWarmupSource named(String scope, String jndiName, String sql, int maxRows) {
        String name = checkedName(jndiName);
        return new SqlWarmupSource(scope, sql, maxRows, () -> lookUp(name));
    }

    /** Checks a JNDI name. Only local names are allowed, because with others JNDI would load objects from remote servers. */
    static String checkedName(String name) {
        if (!name.startsWith(JNDI)) {
            throw new IllegalArgumentException("a JNDI name that starts with " + JNDI);
        }
        return name;
    }

    @SuppressWarnings("BanJNDI") // the name comes from the operator and is local
    private static DataSource lookUp(String name) {
        try {
            if (new InitialContext().lookup(name) instanceof DataSource found) {
                return found;
            }
            throw new WarmupException("The object at " + name + " is not a data source", null);
        } catch (NamingException e) {
            throw new WarmupException(
                    "No data source at " + name + " (" + e.getClass().getSimpleName() + ")", e);
        }
    }

    @Override
    public String scope() {
        return scope;
    }

    /** Returns all keys, or none if the statement needs a key; the most used keys are warmed then. */
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
    public @Nullable Map<String, Object> loadEverything() {
        return byKey ? null : allRows();
    }

    private Map<String, Object> allRows() {
        return query(statement -> {
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
        return query(statement -> {
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

    /** Returns the SQL type of the parameter, because PostgreSQL does not accept a text for a number. Text if the driver cannot say. */
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
    private interface Query {
        Map<String, Object> run(PreparedStatement statement) throws SQLException;
    }

    private Map<String, Object> query(Query query) {
        try (Connection connection = locator.find().getConnection()) {
            boolean before = connection.isReadOnly();
            connection.setReadOnly(true);
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                statement.setQueryTimeout(QUERY_SECONDS);
                statement.setFetchSize(Math.min(FETCH_SIZE, maxRows));
                return query.run(statement);
            } finally {
                restore(connection, before);
            }
        } catch (SQLException e) {
            // without the message of the driver, which may quote rows and keys
            throw new WarmupException(
                    "The database did not return " + scope + " (SQL state " + e.getSQLState() + ", code "
                            + e.getErrorCode() + ")",
                    e);
        }
    }

    /** Restores the state of a connection for the pool: no open transaction, and the original read-only mode. */
    private static void restore(Connection connection, boolean readOnly) throws SQLException {
        if (!connection.getAutoCommit()) {
            connection.rollback();
        }
        connection.setReadOnly(readOnly);
    }
}
