package org.ttm4j.flink;

import java.io.Serializable;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.common.eventtime.WatermarkGenerator;
import org.apache.flink.api.common.eventtime.WatermarkOutput;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.connector.source.util.ratelimit.RateLimiterStrategy;
import org.apache.flink.connector.datagen.source.DataGeneratorSource;
import org.apache.flink.connector.datagen.source.GeneratorFunction;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.api.Schema;
import org.apache.flink.table.api.bridge.java.StreamTableEnvironment;
import org.apache.flink.types.Row;

/** Streams of readings, whose watermark is the time of the newest less a delay, at once after each reading. */
final class Readings {
    static final long HOUR = Duration.ofHours(1).toMillis();
    /** 2026-01-01T00:00Z. */
    static final long START = 1_767_225_600_000L;
    static final TypeInformation<Row> TYPE = Types.ROW_NAMED(new String[]{"id", "v"}, Types.STRING, Types.DOUBLE);

    /** @param v null for a missing value */
    record Reading(String id, long time, Double v) implements Serializable {
        static Reading of(String id, int hour, Double v) {
            return new Reading(id, START + hour * HOUR, v);
        }
    }

    private Readings() {}

    /** What series number {@code key} has at an hour; float32 holds it. */
    static double value(int key, int hour) {
        double noise = new Random(31L * key + 1_000_003L * hour).nextGaussian();
        return (float) (50 + key % 7 + 10 * Math.sin(2 * Math.PI * (hour + key) / 24) + noise);
    }

    /** Hour by hour, the readings of all series. */
    static GeneratorFunction<Long, Reading> hourly(int keys) {
        return index -> {
            int key = (int) (index % keys);
            int hour = (int) (index / keys);
            return Reading.of("s" + key, hour, value(key, hour));
        };
    }

    static DataStream<Reading> stream(StreamExecutionEnvironment environment, List<Reading> readings, Duration delay) {
        return stream(environment, index -> readings.get(index.intValue()), readings.size(), delay,
                RateLimiterStrategy.noOp());
    }

    static DataStream<Reading> stream(StreamExecutionEnvironment environment, GeneratorFunction<Long, Reading> readings,
            long count, Duration delay, RateLimiterStrategy<?> rate) {
        DataGeneratorSource<Reading> source = new DataGeneratorSource<>(readings, count, rate,
                TypeInformation.of(Reading.class));
        return environment
                .fromSource(source,
                        WatermarkStrategy.<Reading>forGenerator(context -> new AtOnce(delay))
                                .withTimestampAssigner((reading, time) -> reading.time()),
                        "readings")
                .setParallelism(1);
    }

    /** The table readings (id, v, ts) of a stream. */
    static void register(StreamTableEnvironment tables, DataStream<Reading> readings) {
        DataStream<Row> rows = readings.map(reading -> Row.of(reading.id(), reading.v()))
                .returns(TYPE)
                .setParallelism(1);
        tables.createTemporaryView("readings", rows,
                Schema.newBuilder()
                        .column("id", "STRING")
                        .column("v", "DOUBLE")
                        .columnByMetadata("ts", DataTypes.TIMESTAMP_LTZ(3), "rowtime")
                        .watermark("ts", "SOURCE_WATERMARK()")
                        .build());
        tables.createTemporarySystemFunction("TTM_FORECAST", TtmForecastFunction.class);
    }

    private record AtOnce(Duration delay) implements WatermarkGenerator<Reading> {
        @Override
        public void onEvent(Reading reading, long time, WatermarkOutput output) {
            output.emitWatermark(new Watermark(time - delay.toMillis() - 1));
        }

        @Override
        public void onPeriodicEmit(WatermarkOutput output) {}
    }
}
