package org.ttm4j.jdbc;

import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Types;
import java.util.Locale;
import java.util.Set;

/**
 * A column of a query or a table.
 *
 * @param name as the database has it
 * @param kind what it holds
 * @param type the name of its type in the database, for messages
 */
public record Column(String name, Kind kind, String type) {
    /** What a column can hold, as far as it makes a difference here. */
    public enum Kind {
        /** Whole numbers. */
        WHOLE("bigint"),
        /** Other numbers. */
        NUMBER("numeric"),
        /** Text. */
        TEXT("text"),
        /** UUIDs. */
        UUID("uuid"),
        /** Dates. */
        DATE("date"),
        /** Dates with a time of day, of no known place. */
        LOCAL_TIME("timestamp"),
        /** Points in time. */
        INSTANT("timestamp with time zone"),
        /** Anything else. */
        OTHER("");

        private final String sql;

        Kind(String sql) {
            this.sql = sql;
        }

        /** The type in a table that is made. */
        String sql() {
            return sql;
        }

        /** True if it holds times. */
        public boolean isTime() {
            return this == DATE || this == LOCAL_TIME || this == INSTANT;
        }

    }

    /** Whole numbers of DuckDB beyond long, among them its sums: of kind OTHER, as no other kind can hold them as an id. */
    private static final Set<String> WIDE = Set.of("hugeint", "uhugeint", "ubigint");

    /** True if a float can be read from it. */
    boolean isNumber() {
        return kind == Kind.WHOLE || kind == Kind.NUMBER || WIDE.contains(type.toLowerCase(Locale.ROOT));
    }

    /** The column of a result, counted from 1. */
    static Column of(ResultSetMetaData result, int index, boolean sqlite) throws SQLException {
        String type = String.valueOf(result.getColumnTypeName(index));
        Kind kind = kind(result.getColumnType(index), type.toLowerCase(Locale.ROOT));
        // SQLite has no times, whatever a column is declared to be.
        return new Column(result.getColumnLabel(index), sqlite && kind.isTime() ? Kind.TEXT : kind, type);
    }

    private static Kind kind(int jdbc, String type) {
        if (type.equals("timestamptz") || type.equals("timestamp with time zone")) return Kind.INSTANT;
        if (type.equals("uuid")) return Kind.UUID;
        // PostgreSQL's driver calls it a number, and reads it up to 999.99.
        if (type.equals("money")) return Kind.OTHER;
        return switch (jdbc) {
            case Types.TINYINT, Types.SMALLINT, Types.INTEGER, Types.BIGINT -> Kind.WHOLE;
            case Types.NUMERIC, Types.DECIMAL, Types.REAL, Types.FLOAT, Types.DOUBLE -> Kind.NUMBER;
            case Types.CHAR, Types.VARCHAR, Types.LONGVARCHAR, Types.NCHAR, Types.NVARCHAR, Types.CLOB -> Kind.TEXT;
            case Types.DATE -> Kind.DATE;
            case Types.TIMESTAMP -> Kind.LOCAL_TIME;
            case Types.TIMESTAMP_WITH_TIMEZONE -> Kind.INSTANT;
            default -> Kind.OTHER;
        };
    }

    /** The name as SQL has it, with its capitals and whatever else is in it. */
    String quoted() {
        return '"' + name.replace("\"", "\"\"") + '"';
    }
}
