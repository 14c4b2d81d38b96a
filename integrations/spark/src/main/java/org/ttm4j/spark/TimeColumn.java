package org.ttm4j.spark;

import static org.apache.spark.sql.functions.expr;

import org.apache.spark.sql.Column;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;

/** Spark's types of times, with their conversion to microseconds since 1970 and back. */
enum TimeColumn {
    /** Instants. */
    TIMESTAMP("unix_micros(%s)", "timestamp_micros(%s)"),
    /** Local times without a time zone. */
    TIMESTAMP_NTZ(
            "unix_micros(make_timestamp(year(%1$s), month(%1$s), day(%1$s), hour(%1$s), minute(%1$s), "
                    + "extract(second from %1$s), 'UTC'))",
            "timestamp_ntz'1970-01-01 00:00:00' + make_dt_interval(0, 0, 0, cast(%s as decimal(20, 0)) / 1000000)"),
    /** Days. */
    DATE("unix_date(%s) * 86400000000L", "date_from_unix_date(cast(floor(%s / 86400000000) as int))");

    private final String to;
    private final String from;

    TimeColumn(String to, String from) {
        this.to = to;
        this.from = from;
    }

    /** @throws IllegalArgumentException when the type is not a type of times; the message names the column */
    static TimeColumn of(String name, DataType type) {
        if (type.equals(DataTypes.TimestampType)) return TIMESTAMP;
        if (type.equals(DataTypes.TimestampNTZType)) return TIMESTAMP_NTZ;
        if (type.equals(DataTypes.DateType)) return DATE;
        throw new IllegalArgumentException("time: column " + name + " is " + type.simpleString()
                + ", expected timestamp, timestamp_ntz or date; cast it");
    }

    Column toMicros(String name) {
        return expr(String.format(to, TtmForecast.quoted(name)));
    }

    Column fromMicros(String name) {
        return expr(String.format(from, TtmForecast.quoted(name)));
    }
}
