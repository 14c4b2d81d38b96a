package org.ttm4j.jdbc;

import java.math.BigDecimal;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Types;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.Set;
import org.ttm4j.data.series.Printable;
import org.ttm4j.data.series.TimeAxis;

/**
 * A column of a query or a table.
 *
 * @param name the name in the database
 * @param type the name of its type in the database, for messages
 */
public record Column(String name, Kind kind, String type) {
    /** The kinds of values that are treated differently. */
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
        /** Dates with a time of day, without a time zone. */
        LOCAL_TIME("timestamp"),
        /** Points in time. */
        INSTANT("timestamp with time zone"),
        /** Anything else. */
        OTHER("");

        /** The SQL type in a new table. */
        final String sql;

        Kind(String sql) {
            this.sql = sql;
        }

        public boolean isTime() {
            return this == DATE || this == LOCAL_TIME || this == INSTANT;
        }
    }

    /** Integer types of DuckDB that exceed long, including its sums; of kind OTHER, because they cannot be ids. */
    private static final Set<String> WIDE = Set.of("hugeint", "uhugeint", "ubigint");

    /** True if a float can be read from this column. */
    boolean isNumber() {
        return kind == Kind.WHOLE || kind == Kind.NUMBER || WIDE.contains(type.toLowerCase(Locale.ROOT));
    }

    /** The column of a result with an index, which starts at 1. */
    static Column of(ResultSetMetaData result, int index, boolean sqlite) throws SQLException {
        String type = String.valueOf(result.getColumnTypeName(index));
        Kind kind = kind(result.getColumnType(index), type.toLowerCase(Locale.ROOT));
        // SQLite has no time types, whatever the declaration of a column says.
        return new Column(result.getColumnLabel(index), sqlite && kind.isTime() ? Kind.TEXT : kind, type);
    }

    private static Kind kind(int jdbc, String type) {
        if (type.equals("timestamptz") || type.equals("timestamp with time zone")) return Kind.INSTANT;
        if (type.equals("uuid")) return Kind.UUID;
        // PostgreSQL's driver reports it as a number, but reads it only up to 999.99.
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

    /** The type of this column as the key of a new table; DuckDB's numeric would round to three decimals. */
    String keyType() {
        if (kind == Kind.OTHER) return Kind.TEXT.sql;
        if (type.equals("DOUBLE") || type.equals("FLOAT")) return "double precision";
        return type.startsWith("DECIMAL(") ? type : kind.sql;
    }

    /** The name in SQL, quoted, so that capitals and special characters are kept. */
    String quoted() {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    /**
     * An id, as a driver accepts it for this column.
     *
     * @throws IllegalArgumentException when the id does not fit the type of the column
     */
    Object id(String id) {
        try {
            return kind == Kind.UUID ? java.util.UUID.fromString(id) : cell(id);
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw otherKind("the id", id);
        }
    }

    /**
     * The time of a step: an instant if the column holds instants, otherwise the local time of the series.
     *
     * @throws IllegalArgumentException when the column cannot hold it
     */
    Object time(TimeAxis axis, long step) {
        LocalDateTime local = TimeAxis.local(axis.localTimeAt(step));
        if (kind == Kind.LOCAL_TIME) return local;
        if (kind == Kind.INSTANT) return axis.instantAt(step).atOffset(ZoneOffset.UTC);
        if (kind != Kind.DATE) {
            String text = TextTimes.text(axis.labelAt(step), local);
            try {
                return cell(text);
            } catch (IllegalArgumentException | ArithmeticException e) {
                throw otherKind("the time", text);
            }
        }
        LocalDate date = local.toLocalDate();
        if (!local.equals(date.atStartOfDay())) throw otherKind("the time", local.toString());
        return date;
    }

    private Object cell(String text) {
        return switch (kind) {
            case WHOLE -> new BigDecimal(text).longValueExact();
            case NUMBER -> new BigDecimal(text);
            default -> text;
        };
    }

    private IllegalArgumentException otherKind(String what, String text) {
        return new IllegalArgumentException("column " + name + " is of type " + type + ", which does not hold " + what
                + " " + Printable.quoted(text));
    }

    /** Null for NaN (missing). A float for a float column, because PostgreSQL rejects doubles that would become 0. */
    Number number(double value) {
        if (Double.isNaN(value)) return null;
        return type.equals("float4") ? (Number) (float) value : value;
    }
}
