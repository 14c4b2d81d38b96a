package org.ttm4j.spark;

import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Generated series of hours: a day, a week and noise. */
final class Readings {
    /** 2026-01-01 00:00 UTC. */
    static final long START = 1_767_225_600_000L;
    static final long HOUR = 3_600_000;
    static final StructType SCHEMA = new StructType().add("meter", DataTypes.StringType)
            .add("time", DataTypes.TimestampType)
            .add("load", DataTypes.DoubleType);

    private Readings() {}

    static String id(int series) {
        return String.format(Locale.ROOT, "meter %04d", series);
    }

    static float[] values(int series, int length) {
        Random random = new Random(series);
        double day = 5 + 10 * random.nextDouble();
        double week = 5 * random.nextDouble();
        float[] values = new float[length];
        for (int hour = 0; hour < length; hour++) {
            values[hour] = (float) (50 + day * Math.sin(hour * Math.PI / 12) + week * Math.sin(hour * Math.PI / 84)
                    + random.nextGaussian());
        }
        return values;
    }

    static List<Row> rows(int series, float[] values) {
        List<Row> rows = new ArrayList<>();
        for (int hour = 0; hour < values.length; hour++) {
            rows.add(RowFactory.create(id(series), new Timestamp(START + hour * HOUR),
                    Float.isNaN(values[hour]) ? null : (double) values[hour]));
        }
        return rows;
    }

    /** Made on the executors, so that the driver need not hold them. */
    static Dataset<Row> generated(SparkSession spark, int count, int length) {
        return spark.range(0, count, 1, 4)
                .flatMap(
                        (org.apache.spark.api.java.function.FlatMapFunction<Long, Row>) series -> rows(
                                series.intValue(), values(series.intValue(), length)).iterator(),
                        org.apache.spark.sql.Encoders.row(SCHEMA));
    }
}
